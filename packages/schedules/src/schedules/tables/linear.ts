import { type NoiseSchedule, option, type Plugin } from "@ddpm/core";
import { betaTable } from "../../chain/beta-table.ts";
import { type RampOptions, rampShape } from "../../chain/options.ts";
import { linspace } from "../../numbers/linspace.ts";
import { plugin } from "../../plugin.ts";

/** Options of {@link linear}. */
export interface LinearOptions extends RampOptions {
  /** Multiply both ends by 1000 / T, so that the last step is as noisy for every T ≥ 20. */
  readonly rescale?: boolean | undefined;
}

/**
 * β runs straight from 1e-4 to 0.02.
 *
 * Source: Ho et al. 2020, section 4; `rescale` is improved-diffusion's and denoising-diffusion-pytorch's.
 */
export const linear: Plugin<LinearOptions, NoiseSchedule> = plugin({
  name: "linear",
  about: "β runs straight from betaStart to betaEnd.",
  source: "Ho et al. 2020, section 4; rescaled: improved-diffusion gaussian_diffusion.py",
  options: {
    ...rampShape(1e-4, 0.02),
    rescale: option.boolean().default(false).describe("multiply both ends by 1000 / T"),
  },
  create({ steps, betaStart, betaEnd, rescale, interpolate }) {
    const scale = rescale ? 1000 / steps : 1;
    return betaTable("linear", linspace(scale * betaStart, scale * betaEnd, steps), { interpolate });
  },
});
