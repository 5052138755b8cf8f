import { fail, type Plugin, type Spacing } from "@ddpm/core";
import { plugin } from "../plugin.ts";
import { stepsOf, timesOfSteps } from "./steps.ts";

/**
 * Every k-th step from step 0, for the smallest whole k that takes exactly n.
 *
 * Source: improved-diffusion respace.py, `ddimN`; Song et al. 2020 (DDIM).
 */
export const ddimStride: Plugin<Record<never, never>, Spacing> = plugin({
  name: "ddim-stride",
  about: "Every k-th step from step 0, exactly n of them.",
  source: "improved-diffusion respace.py, ddimN",
  options: {},
  create: () => ({
    name: "ddim-stride",
    times(n, schedule) {
      const where = "schedules/ddim-stride";
      const steps = stepsOf(where, n, schedule);
      for (let stride = 1; stride < steps; stride++) {
        if (Math.ceil(steps / stride) !== n) continue;
        const picked = Array.from({ length: n }, (_, i) => (n - 1 - i) * stride);
        return timesOfSteps(where, picked, steps);
      }
      return fail(
        where,
        `no whole stride takes exactly ${n} of ${steps} steps.`,
        "Take the spacing leading.",
      );
    },
  }),
});
