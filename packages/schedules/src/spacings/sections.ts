import { fail, option, type Plugin, type Spacing } from "@ddpm/core";
import { roundHalfEven } from "../numbers/linspace.ts";
import { plugin } from "../plugin.ts";
import { stepsOf, timesOfSteps } from "./steps.ts";

/** Options of {@link sections}. */
export interface SectionsOptions {
  /** How many steps to take in each section, from the clean end; left out: one section. */
  readonly counts?: readonly number[] | undefined;
}

/**
 * The chain in equal sections, each with its own number of evenly spaced steps, both ends included.
 *
 * Source: improved-diffusion respace.py, `space_timesteps`.
 */
export const sections: Plugin<SectionsOptions, Spacing> = plugin({
  name: "sections",
  about: "The chain in equal sections with a number of steps each.",
  source: "Nichol and Dhariwal 2021; improved-diffusion respace.py, space_timesteps",
  options: {
    counts: option
      .list(option.number().int().min(1))
      .min(1)

      .optional()
      .describe("steps in each section, from the clean end; one section when left out"),
  },
  create: ({ counts }) => ({
    name: "sections",
    times(n, schedule) {
      const where = "schedules/sections";
      const steps = stepsOf(where, n, schedule);
      const wanted = counts ?? [n];
      const total = wanted.reduce((sum, count) => sum + count, 0);
      if (total !== n) fail(where, `${n} steps asked, but the sections have ${total}.`);
      const size = Math.floor(steps / wanted.length);
      const extra = steps % wanted.length;
      let start = 0;
      const picked = wanted.flatMap((count, section) => {
        const length = size + (section < extra ? 1 : 0);
        const first = start;
        start += length;
        return inSection(first, length, count);
      });
      return timesOfSteps(where, picked.reverse(), steps);
    },
  }),
});

function inSection(first: number, length: number, count: number): number[] {
  if (count > length) fail("schedules/sections", `${count} steps do not fit into a section of ${length}.`);
  const stride = count > 1 ? (length - 1) / (count - 1) : 1;
  // The reference adds the stride up, so the same rounding error must be made.
  let place = 0;
  return Array.from({ length: count }, () => {
    const step = first + roundHalfEven(place);
    place += stride;
    return step;
  });
}
