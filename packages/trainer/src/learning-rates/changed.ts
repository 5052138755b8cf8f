import { fail, type Plugin, type Spec } from "@ddpm/core";
import * as z from "zod";
import { plugin } from "../plugin.ts";
import { courses } from "./courses.ts";
import type { LearningRate } from "./learning-rate.ts";
import { elapsed, type Unit, unitOption } from "./unit.ts";

/** From `from` units on the course counts `factor` times, until the next change. */
export interface RateChange {
  readonly from: number;
  readonly factor: number;
}

const spec = z.union([z.string(), z.looseObject({ name: z.string() })]);

/**
 * What someone who watches a run does to its rate: c(n) · factor of the last change with from ≤ n, c the course `of`.
 * Written down, the changes are part of the run, so that a run resumed from before a change makes it again.
 *
 * @throws DdpmError for an unknown course, or changes that are not in order
 */
export const changed: Plugin<
  { of?: Spec; changes?: { from: number; factor: number }[]; unit?: Unit },
  LearningRate
> = plugin({
  name: "changed",
  about: "Another learning rate, multiplied by given factors from given points on.",
  source: "none: what was done to a run that was watched",
  options: {
    of: spec.default("constant").describe("the course that is changed"),
    changes: z
      .array(z.strictObject({ from: z.number().min(0), factor: z.number().min(0) }))
      .default([])
      .describe("units behind, ascending, and the factor from there on; none adds up"),
    unit: unitOption,
  },
  create({ of, changes, unit }): LearningRate {
    const course = courses.create(of as Spec);
    const late = changes.findIndex(({ from }, i) => i > 0 && from <= changes[i - 1]!.from);
    if (late > 0) {
      const [before, after] = [changes[late - 1]!.from, changes[late]!.from];
      fail("trainer/changed", `a change from ${after} after one from ${before}, expected them in order.`);
    }
    return {
      name: "changed",
      at(progress) {
        const n = elapsed(unit, progress);
        const last = changes.findLast(({ from }) => from <= n);
        return course.at(progress) * (last?.factor ?? 1);
      },
    };
  },
});
