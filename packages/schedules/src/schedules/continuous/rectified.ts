import { fail, type NoiseSchedule, option, type Plugin } from "@ddpm/core";
import { plugin } from "../../plugin.ts";

/** Options of {@link rectified}. */
export interface RectifiedOptions {
  /** Multiplies sigma / alpha: √(pixels / pixels of the training it was tuned for); 1. */
  readonly shift?: number | undefined;
}

/**
 * Straight paths: alpha = 1 − τ, sigma = τ, with τ = s t / (1 + (s − 1) t).
 *
 * Source: Liu et al. 2022, eq. 1; Lipman et al. 2023, eq. 23; the shift s of Esser et al. 2024, eq. 23.
 */
export const rectified: Plugin<RectifiedOptions, NoiseSchedule> = plugin({
  name: "rectified",
  about: "alpha = 1 − τ, sigma = τ: from the image to the noise in a straight line.",
  source: "Liu et al. 2022, eq. 1; shift: Esser et al. 2024, eq. 23",
  options: {
    shift: option.number().positive().default(1).describe("multiplies sigma / alpha; more for larger images"),
  },
  create: ({ shift }) => ({
    name: "rectified",
    at(t) {
      if (!(t >= 0 && t <= 1)) fail("schedules/rectified", `time ${t} given, expected a number in [0, 1].`);
      const whole = 1 + (shift - 1) * t;
      return { alpha: (1 - t) / whole, sigma: (shift * t) / whole };
    },
    timeAt: (lambda) => 1 / (1 + shift * Math.exp(lambda)),
  }),
});
