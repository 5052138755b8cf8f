import { fail, halfLogSnr, type Plugin, type TimeSampler, timeAtHalfLogSnr } from "@ddpm/core";
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
        const [before, after] = [schedule.at(i / steps).alpha, schedule.at((i + 1) / steps).alpha];
        const alpha = after + own.uniform() * (before - after);
        const sigma = Math.sqrt((1 - alpha) * (1 + alpha));
        return timeAtHalfLogSnr(schedule, halfLogSnr({ alpha, sigma }));
      });
    },
  }),
});
