import { type NoiseSchedule, option, type Plugin } from "@ddpm/core";
import { levelOfLambda } from "../../chain/interpolate.ts";
import { plugin } from "../../plugin.ts";
import { logSnrSchedule } from "./log-snr-schedule.ts";

/** Options of {@link logSnrLinear}. */
export interface LogSnrLinearOptions {
  /** −ln ᾱ as t → 0; 1e-4. */
  readonly floor?: number | undefined;
  /** How far −ln ᾱ grows; 10. */
  readonly rate?: number | undefined;
}

/**
 * −ln ᾱ = 1e-4 + 10 t²: the linear β schedule in continuous time.
 *
 * Source: denoising-diffusion-pytorch `beta_linear_log_snr`; Kingma et al. 2021.
 */
export const logSnrLinear: Plugin<LogSnrLinearOptions, NoiseSchedule> = plugin({
  name: "log-snr-linear",
  about: "The linear β schedule in continuous time, by its log-SNR.",
  source: "denoising-diffusion-pytorch continuous_time, beta_linear_log_snr",
  options: {
    floor: option.number().positive().default(1e-4).describe("−ln ᾱ as t → 0"),
    rate: option.number().positive().default(10).describe("how far −ln ᾱ grows"),
  },
  create: ({ floor, rate }) =>
    logSnrSchedule({
      name: "log-snr-linear",
      lambda: (t) => -Math.log(Math.expm1(floor + rate * t * t)) / 2,
      level: levelOfLambda,
      time: (lambda) => Math.sqrt(Math.max(Math.log1p(Math.exp(-2 * lambda)) - floor, 0) / rate),
    }),
});
