import { option, type Plugin, type Spacing } from "@ddpm/core";
import { linspace } from "../numbers/linspace.ts";
import { plugin } from "../plugin.ts";
import { eachOnce, stepsOf, timesOfSteps } from "./steps.ts";

/** Options of {@link quadraticSpacing}. */
export interface QuadraticSpacingOptions {
  /** Share of the chain that is used, from the clean end; 0.8. */
  readonly span?: number | undefined;
}

/**
 * Steps ⌊c²⌋ with c running evenly from 0 to √(span · T): dense where the image is nearly clean.
 *
 * From n = 30 on several c² round down to the same step. Each step is taken once, so fewer than n are returned: in the
 * reference a repeated step goes from a level to the same level and changes nothing.
 *
 * The published span of 0.8 starts at step 0.8 T, where signal may be left.
 *
 * Source: Song et al. 2020 (DDIM), appendix D.2, and its code, `quad`.
 */
export const quadraticSpacing: Plugin<QuadraticSpacingOptions, Spacing> = plugin({
  name: "quadratic",
  about: "Steps as squares: dense at the clean end.",
  source: "Song et al. 2020 (DDIM), appendix D.2",
  options: {
    span: option.number().gt(0).max(1).default(0.8).describe("share of the chain that is used"),
  },
  create: ({ span }) => ({
    name: "quadratic",
    times(n, schedule) {
      const steps = stepsOf("schedules/quadratic", n, schedule);
      const squares = [...linspace(0, Math.sqrt(steps * span), n)].map((root) => Math.floor(root ** 2));
      const picked = squares.map((step) => Math.min(step, steps - 1)).reverse();
      return timesOfSteps("schedules/quadratic", eachOnce(picked), steps);
    },
  }),
});
