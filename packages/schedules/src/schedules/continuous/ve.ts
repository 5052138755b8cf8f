import { fail, type NoiseSchedule, option, type Plugin } from "@ddpm/core";
import { plugin } from "../../plugin.ts";
import { logSnrSchedule } from "./log-snr-schedule.ts";

/** Options of {@link ve}. */
export interface VeOptions {
  /** sigma as t → 0; 0.02. */
  readonly sigmaMin?: number | undefined;
  /** sigma at t = 1; 100. */
  readonly sigmaMax?: number | undefined;
}

/**
 * alpha = 1 and sigma grows exponentially from sigmaMin to sigmaMax. (t = 0 itself is clean.)
 *
 * Source: Song et al. 2021 (score SDE), eq. 30, with the ends of Karras et al. 2022, table 1.
 */
export const ve: Plugin<VeOptions, NoiseSchedule> = plugin({
  name: "ve",
  about: "Variance exploding: sigma grows exponentially, the image is not scaled.",
  source: "Song et al. 2021 (score SDE), eq. 30; Karras et al. 2022, table 1",
  options: {
    sigmaMin: option.number().positive().default(0.02).describe("sigma as t → 0"),
    sigmaMax: option.number().positive().default(100).describe("sigma at t = 1"),
  },
  create({ sigmaMin, sigmaMax }) {
    if (!(sigmaMin < sigmaMax))
      fail("schedules/ve", `sigmaMin ${sigmaMin} is not below sigmaMax ${sigmaMax}.`);
    const low = Math.log(sigmaMin);
    const span = Math.log(sigmaMax / sigmaMin);
    return logSnrSchedule({
      name: "ve",
      lambda: (t) => -low - t * span,
      level: (lambda) => ({ alpha: 1, sigma: Math.exp(-lambda) }),
      time: (lambda) => (-lambda - low) / span,
    });
  },
});
