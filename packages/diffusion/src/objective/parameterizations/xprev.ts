import { fail, momentAt, type Parameterization, type Plugin, stepOfTime, timeOfStep } from "@ddpm/core";
import { noSignal } from "@ddpm/core/authoring";
import { plugin } from "../../plugin.ts";
import { posteriorOf } from "../../process/posterior.ts";

/**
 * The network returns the mean of x_{t−1}, one step of a chain cleaner: F = keep · x + pull · x_0 with the weights of the
 * posterior, so x̂_0 = (F − keep · x) / pull. Between step 0 and clean data the next image is the clean one.
 *
 * Source: Ho et al. 2020, eq. 7 and table 2 ("μ̃ prediction"); improved-diffusion, `ModelMeanType.PREVIOUS_X`.
 */
export const xprev: Plugin<Record<never, never>, Parameterization> = plugin({
  name: "xprev",
  about: "The network returns the mean of the image one step of the chain cleaner.",
  source: "Ho et al. 2020, eq. 7 and table 2",
  options: {},
  create: () => ({
    name: "xprev",
    at(moment, schedule) {
      const { steps } = schedule;
      if (steps === undefined) {
        fail(
          "diffusion/xprev",
          `schedule ${schedule.name} has no steps.`,
          "Take a table of betas, e.g. cosine.",
        );
      }
      const step = stepOfTime(moment.t, steps);
      const to = momentAt(schedule, Math.max(timeOfStep(step - 1, steps), 0));
      if (noSignal(to)) {
        fail(
          "diffusion/xprev",
          `at step ${step} of ${schedule.name} no signal is left in the next image either.`,
          "Train with v or x0, or take a schedule that keeps some signal.",
        );
      }
      const { keep, pull } = posteriorOf(moment, to, schedule);
      return { skip: -keep / pull, out: 1 / pull, in: 1, noise: step };
    },
  }),
});
