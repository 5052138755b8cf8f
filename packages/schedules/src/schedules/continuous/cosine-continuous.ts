import { type NoiseSchedule, option, type Plugin } from "@ddpm/core";
import { levelOfLambda } from "../../chain/interpolate.ts";
import { plugin } from "../../plugin.ts";
import { logSnrSchedule } from "./log-snr-schedule.ts";

/** Options of {@link cosineContinuous}. */
export interface CosineContinuousOptions {
  /** s; 0.008. */
  readonly offset?: number | undefined;
}

/**
 * alpha = cos((t + s) / (1 + s) · π / 2): the cosine schedule in continuous time.
 *
 * Source: denoising-diffusion-pytorch `alpha_cosine_log_snr`; Nichol and Dhariwal 2021, eq. 17.
 */
export const cosineContinuous: Plugin<CosineContinuousOptions, NoiseSchedule> = plugin({
  name: "cosine-continuous",
  about: "The cosine schedule in continuous time: alpha = cos((t + s) / (1 + s) · π / 2).",
  source: "denoising-diffusion-pytorch continuous_time, alpha_cosine_log_snr",
  options: { offset: option.number().min(0).max(1).default(0.008).describe("s, the angle kept at t = 0") },
  create: ({ offset }) =>
    logSnrSchedule({
      name: "cosine-continuous",
      lambda: (t) => -Math.log(Math.tan((((t + offset) / (1 + offset)) * Math.PI) / 2)),
      level: levelOfLambda,
      time: (lambda) => (Math.atan(Math.exp(-lambda)) * 2 * (1 + offset)) / Math.PI - offset,
    }),
});
