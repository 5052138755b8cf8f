import { fail, type NoiseSchedule, option, type Plugin } from "@ddpm/core";
import { betasOfAbar } from "../../chain/abar-betas.ts";
import { betaTable } from "../../chain/beta-table.ts";
import { beta, type TableOptions, tableShape } from "../../chain/options.ts";
import { plugin } from "../../plugin.ts";

/** Options of {@link cosine}. */
export interface CosineOptions extends TableOptions {
  /** s, keeps β from vanishing at the first steps; 0.008. */
  readonly offset?: number | undefined;
  /** Power of the cosine; 2. */
  readonly power?: number | undefined;
  /** Betas below are raised to this; 0. */
  readonly minBeta?: number | undefined;
  /** Betas above are cut to this; 0.999. */
  readonly maxBeta?: number | undefined;
}

/**
 * ᾱ(t) = cos²((t + s) / (1 + s) · π / 2), up to a constant.
 *
 * The published clips: [0, 0.999] (the default), [1e-4, 0.9999] in the text of "The Annotated Diffusion Model", and
 * [1e-4, 0.02] in one of its notebooks, which leaves signal in the last step. One text that follows it leaves the
 * square out: `power` 1.
 *
 * Source: Nichol and Dhariwal 2021, eq. 17; diffusers' `squaredcos_cap_v2`.
 */
export const cosine: Plugin<CosineOptions, NoiseSchedule> = plugin({
  name: "cosine",
  about: "ᾱ = cos²((t + s) / (1 + s) · π / 2): falls slowly at both ends.",
  source: "Nichol and Dhariwal 2021, eq. 17",
  options: {
    ...tableShape,
    offset: option.number().min(0).max(1).default(0.008).describe("s, keeps the first betas from vanishing"),
    power: option
      .number()
      .positive()
      .max(8)
      .default(2)
      .describe("power of the cosine; 1: a text that forgot the square"),
    minBeta: option.number().min(0).lt(1).default(0).describe("betas below are raised to this"),
    maxBeta: beta().default(0.999).describe("betas above are cut to this"),
  },
  create({ steps, offset, power, minBeta, maxBeta, interpolate }) {
    if (minBeta > maxBeta) fail("schedules/cosine", `minBeta ${minBeta} is above maxBeta ${maxBeta}.`);
    const abar = (t: number) => Math.cos((((t + offset) / (1 + offset)) * Math.PI) / 2) ** power;
    const { betas, clipped } = betasOfAbar(abar, steps, { min: minBeta, max: maxBeta });
    return betaTable("cosine", betas, { clipped, interpolate });
  },
});
