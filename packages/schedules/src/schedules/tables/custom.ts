import { type NoiseSchedule, option, type Plugin } from "@ddpm/core";
import { betaTable } from "../../chain/beta-table.ts";
import { beta, type TableOptions, tableShape } from "../../chain/options.ts";
import { plugin } from "../../plugin.ts";

/** Options of {@link custom}. */
export interface CustomOptions extends Pick<TableOptions, "interpolate"> {
  /** β_i ∈ (0, 1), [T]; the last may be 1. */
  readonly betas: readonly number[];
}

/** Your own betas, checked. */
export const custom: Plugin<CustomOptions, NoiseSchedule> = plugin({
  name: "custom",
  about: "Your own betas, one per step.",
  source: "trained_betas of diffusers",
  options: {
    betas: option.list(beta()).min(1).describe("β of each step, in (0, 1); the last may be 1"),
    interpolate: tableShape.interpolate,
  },
  create: ({ betas, interpolate }) => betaTable("custom", betas, { interpolate }),
});
