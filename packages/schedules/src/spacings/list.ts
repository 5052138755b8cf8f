import { fail, option, type Plugin, type Spacing } from "@ddpm/core";
import { plugin } from "../plugin.ts";
import { countOf, stepsOf, timesOfSteps } from "./steps.ts";

/** Options of {@link list}: one of the two. */
export interface ListOptions {
  /** Falling steps of a chain. */
  readonly steps?: readonly number[] | undefined;
  /** Falling times in (0, 1]; the final 0 is added. */
  readonly times?: readonly number[] | undefined;
}

/**
 * The steps or times you give, checked.
 *
 * Source: the `timesteps` argument of diffusers' `set_timesteps`.
 */
export const list: Plugin<ListOptions, Spacing> = plugin({
  name: "list",
  about: "The steps or times you give.",
  source: "diffusers set_timesteps, timesteps",
  options: {
    steps: option.list(option.number().min(0)).min(1).optional().describe("falling steps of a chain"),
    times: option.list(option.number().gt(0).max(1)).min(1).optional().describe("falling times in (0, 1]"),
  },
  create({ steps, times }) {
    const where = "schedules/list";
    const given = steps ?? times ?? fail(where, "neither steps nor times given.", "Give one of them.");
    if (steps && times) fail(where, "both steps and times given.", "Give one of them.");
    const wrong = times?.findIndex((t, i) => i > 0 && !(t < times[i - 1]!)) ?? -1;
    if (wrong >= 0) fail(where, `time ${times?.[wrong]} comes after ${times?.[wrong - 1]}: times must fall.`);
    return {
      name: "list",
      times(n, schedule) {
        countOf(where, n);
        if (n !== given.length) fail(where, `${n} steps asked, but ${given.length} are given.`);
        return steps
          ? timesOfSteps(where, steps, stepsOf(where, n, schedule))
          : Float64Array.from([...given, 0]);
      },
    };
  },
});
