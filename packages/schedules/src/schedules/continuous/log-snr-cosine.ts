import { fail, type NoiseSchedule, option, type Plugin } from "@ddpm/core";
import { levelOfLambda } from "../../chain/interpolate.ts";
import { plugin } from "../../plugin.ts";
import { logSnrSchedule } from "./log-snr-schedule.ts";

/** Options of {@link logSnrCosine}. */
export interface LogSnrCosineOptions {
  /** Log-SNR at t = 1; −15. */
  readonly logSnrMin?: number | undefined;
  /** Log-SNR as t → 0; 15. */
  readonly logSnrMax?: number | undefined;
}

/**
 * A cosine schedule cut so that log-SNR runs from 15 to −15: ln SNR = −2 ln tan of an angle that runs straight.
 *
 * Source: Hoogeboom et al. 2023 (simple diffusion), appendix; denoising-diffusion-pytorch `logsnr_schedule_cosine`.
 * Larger images: wrap it in `shifted`.
 */
export const logSnrCosine: Plugin<LogSnrCosineOptions, NoiseSchedule> = plugin({
  name: "log-snr-cosine",
  about: "A cosine schedule between two finite log-SNRs.",
  source: "Hoogeboom et al. 2023 (simple diffusion); denoising-diffusion-pytorch simple_diffusion",
  options: {
    logSnrMin: option.number().default(-15).describe("log-SNR at t = 1"),
    logSnrMax: option.number().default(15).describe("log-SNR as t → 0"),
  },
  create({ logSnrMin, logSnrMax }) {
    if (!(logSnrMin < logSnrMax)) {
      fail("schedules/log-snr-cosine", `logSnrMin ${logSnrMin} is not below logSnrMax ${logSnrMax}.`);
    }
    const first = Math.atan(Math.exp(-logSnrMax / 2));
    const span = Math.atan(Math.exp(-logSnrMin / 2)) - first;
    return logSnrSchedule({
      name: "log-snr-cosine",
      lambda: (t) => -Math.log(Math.tan(first + t * span)),
      level: levelOfLambda,
      time: (lambda) => (Math.atan(Math.exp(-lambda)) - first) / span,
    });
  },
});
