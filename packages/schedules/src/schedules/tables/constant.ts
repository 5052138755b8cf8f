import type { NoiseSchedule, Plugin } from "@ddpm/core";
import { betaTable } from "../../chain/beta-table.ts";
import { beta, type TableOptions, tableShape } from "../../chain/options.ts";
import { plugin } from "../../plugin.ts";

/** Options of {@link constant}. */
export interface ConstantOptions extends TableOptions {
  /** β of every step; 0.02. */
  readonly beta?: number | undefined;
}

/**
 * The same β at every step.
 *
 * Source: Ho's diffusion_utils.py, `const`.
 */
export const constant: Plugin<ConstantOptions, NoiseSchedule> = plugin({
  name: "constant",
  about: "The same β at every step.",
  source: "Ho et al. 2020, diffusion_utils.py, const",
  options: { ...tableShape, beta: beta().default(0.02).describe("β of every step") },
  create: ({ steps, beta: value, interpolate }) =>
    betaTable("constant", new Float64Array(steps).fill(value), { interpolate }),
});
