import { option, type Plugin, type TimeSampler } from "@ddpm/core";
import { sigmoid } from "../numbers/sigmoid.ts";
import { plugin } from "../plugin.ts";
import { drawEach, timeOfUniform } from "./draw.ts";

/** Options of {@link logitNormal}. */
export interface LogitNormalOptions {
  /** Mean of ln(t / (1 − t)): above 0 more noise; 0. */
  readonly mean?: number | undefined;
  /** Standard deviation of ln(t / (1 − t)); 1. */
  readonly deviation?: number | undefined;
}

/**
 * ln(t / (1 − t)) is normal: fewer times near both ends. On a chain, the step that the time falls into.
 *
 * Source: Esser et al. 2024, section 3.1.
 */
export const logitNormal: Plugin<LogitNormalOptions, TimeSampler> = plugin({
  name: "logit-normal",
  about: "The logit of time is normal: few times near both ends.",
  source: "Esser et al. 2024, section 3.1",
  options: {
    mean: option.number().default(0).describe("mean of ln(t / (1 − t)); above 0 more noise"),
    deviation: option.number().positive().default(1).describe("standard deviation of ln(t / (1 − t))"),
  },
  create: ({ mean, deviation }) => ({
    name: "logit-normal",
    draw: (images, random, schedule) =>
      drawEach(images, random, (own) => {
        const z = mean + deviation * own.normal();
        if (schedule.steps === undefined) return Math.max(sigmoid(z), Number.MIN_VALUE);
        return timeOfUniform(Math.min(sigmoid(z), 1 - 2 ** -53), schedule);
      }),
  }),
});
