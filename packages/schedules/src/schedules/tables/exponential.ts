import { type NoiseSchedule, option, type Plugin } from "@ddpm/core";
import { betasOfAbar } from "../../chain/abar-betas.ts";
import { betaTable } from "../../chain/beta-table.ts";
import { beta, type TableOptions, tableShape } from "../../chain/options.ts";
import { plugin } from "../../plugin.ts";

/** Options of {@link exponential}. */
export interface ExponentialOptions extends TableOptions {
  /** ᾱ falls to e^−rate; 12. */
  readonly rate?: number | undefined;
  /** Betas above are cut to this; 0.999. */
  readonly maxBeta?: number | undefined;
}

/**
 * ᾱ(t) = e^(−12 t): every β is the same.
 *
 * Source: diffusers `betas_for_alpha_bar`, `exp`.
 */
export const exponential: Plugin<ExponentialOptions, NoiseSchedule> = plugin({
  name: "exponential",
  about: "ᾱ = exp(−rate · t): every β is the same.",
  source: "diffusers betas_for_alpha_bar, exp",
  options: {
    ...tableShape,
    rate: option.number().positive().default(12).describe("ᾱ falls to e^−rate"),
    maxBeta: beta().default(0.999).describe("betas above are cut to this"),
  },
  create({ steps, rate, maxBeta, interpolate }) {
    const { betas, clipped } = betasOfAbar((t) => Math.exp(-rate * t), steps, { min: 0, max: maxBeta });
    return betaTable("exponential", betas, { clipped, interpolate });
  },
});
