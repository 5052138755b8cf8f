import type { NoiseSchedule, Plugin } from "@ddpm/core";
import { betasOfAbar } from "../../chain/abar-betas.ts";
import { betaTable } from "../../chain/beta-table.ts";
import { beta, type TableOptions, tableShape } from "../../chain/options.ts";
import { plugin } from "../../plugin.ts";

/** Options of {@link laplace}. */
export interface LaplaceOptions extends TableOptions {
  /** Betas above are cut to this; 0.999. */
  readonly maxBeta?: number | undefined;
}

/** ᾱ as diffusers computes it: the square root of what SNR says, so that √0.001 = 0.0316 is left at the end. */
function abar(t: number): number {
  const side = t > 0.5 ? -1 : 1;
  const snr = Math.exp(-0.5 * side * Math.log(1 - 2 * Math.abs(0.5 - t) + 1e-6));
  return Math.sqrt(snr / (1 + snr));
}

/**
 * Log-SNR follows a Laplace distribution: most steps are at middle noise.
 *
 * Source: Hang et al. 2024, as in diffusers `laplace`, which keeps signal at the last step.
 */
export const laplace: Plugin<LaplaceOptions, NoiseSchedule> = plugin({
  name: "laplace",
  about: "Log-SNR is Laplace-distributed over steps: dense at middle noise.",
  source: "Hang et al. 2024; diffusers scheduling_ddpm.py, laplace",
  options: { ...tableShape, maxBeta: beta().default(0.999).describe("betas above are cut to this") },
  create({ steps, maxBeta, interpolate }) {
    const { betas, clipped } = betasOfAbar(abar, steps, { min: 0, max: maxBeta });
    return betaTable("laplace", betas, { clipped, interpolate });
  },
});
