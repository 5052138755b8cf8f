import {
  fail,
  halfLogSnr,
  type NoiseLevel,
  type Plugin,
  type TimeSampler,
  timeAtHalfLogSnr,
} from "@ddpm/core";
import { plugin } from "../plugin.ts";
import { drawEach } from "./draw.ts";

/**
 * Levels between the steps of a chain: a step i is drawn, every one as likely, then √ᾱ, uniform between those of i and
 * of the step before. A network that receives √ᾱ can then be sampled at any spacing of levels.
 *
 * Source: Chen et al. 2020 ("WaveGrad"), section 2.2 and algorithm 1; Saharia et al. 2021 ("SR3"), section 2.4.
 *
 * @throws DdpmError for a schedule without steps
 */
export const betweenSteps: Plugin<Record<never, never>, TimeSampler> = plugin({
  name: "between-steps",
  about: "√ᾱ is uniform between a step of a chain and the step before it; every step is as likely.",
  source: "Chen et al. 2020 (WaveGrad), algorithm 1; Saharia et al. 2021 (SR3), section 2.4",
  options: {},
  create: () => ({
    name: "between-steps",
    draw: (images, random, schedule) => {
      const { steps, name } = schedule;
      if (steps === undefined) {
        fail("schedules/between-steps", `${name} has no steps.`, "Take a table of betas, or uniform times.");
      }
      return drawEach(images, random, (own) => {
        const i = Math.floor(own.uniform() * steps);
        const [before, after] = [restOf(schedule.at(i / steps)), restOf(schedule.at((i + 1) / steps))];
        const rest = after + own.uniform() * (before - after);
        const level = { alpha: 1 - rest, sigma: Math.sqrt(rest * (2 - rest)) };
        return Math.max(timeAtHalfLogSnr(schedule, halfLogSnr(level)), Number.MIN_VALUE);
      });
    },
  }),
});

/** 1 − √ᾱ, also where it is too small for √ᾱ to show it. */
function restOf({ alpha, sigma }: NoiseLevel): number {
  return sigma ** 2 / (1 + alpha);
}
