import type { AnySpec } from "@ddpm/runs/authoring";

/** A learning rate as a run has it: its course, and by what it is multiplied from which image on. */
export interface RatePlan {
  readonly of: AnySpec;
  readonly changes: readonly { readonly from: number; readonly factor: number }[];
}

/** The course of a rate and what was done to it: the `changed` rate of `@ddpm/trainer`, or none yet. */
export function ratePlan(spec: AnySpec): RatePlan {
  if (typeof spec === "string" || spec.name !== "changed" || spec.unit !== "images") {
    return { of: spec, changes: [] };
  }
  const { of = "constant", changes = [] } = spec as unknown as Partial<RatePlan>;
  return { of, changes };
}

/** What the course is multiplied by when so many images were seen. */
export function factorAt({ changes }: RatePlan, images: number): number {
  return changes.findLast(({ from }) => from <= images)?.factor ?? 1;
}

/**
 * The rate with one more change. Later ones, of a time that was lost in a crash, are dropped.
 *
 * @param from   images seen before the first update that it holds for
 * @param factor on the course, not on the change before
 */
export function withChange(spec: AnySpec, from: number, factor: number): AnySpec {
  const plan = ratePlan(spec);
  const before = plan.changes.filter((one) => one.from < from);
  const same = factorAt({ ...plan, changes: before }, from) === factor;
  const changes = same ? before : [...before, { from, factor }];
  return changes.length === 0 ? plan.of : { name: "changed", of: plan.of, changes, unit: "images" };
}

/** The rate that a course is built on, before warm-up and decay; `@ddpm/trainer` defaults to 1e-4. */
export function fullRate({ of }: RatePlan): number {
  return typeof of === "object" && typeof of.rate === "number" ? of.rate : 1e-4;
}
