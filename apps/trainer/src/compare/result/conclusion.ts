import type { Fact, Plan } from "../plan/plan.ts";
import { type Repeats, repeatsOf } from "./repeats.ts";
import type { Result } from "./result.ts";
import { caution, type Verdict, verdictsOf } from "./verdict.ts";

/** Everything that a comparison ends with. */
export interface Comparison {
  readonly title: string;
  readonly facts: readonly Fact[];
  /** Means over seeds, where trainings were repeated. */
  readonly repeats: readonly Repeats[] | undefined;
  readonly results: readonly Result[];
  readonly verdicts: readonly Verdict[];
  readonly caution: string;
  /** What was requested and not compared, with reasons. */
  readonly skipped: readonly string[];
  /** SVG: curves of the trainings, or of metrics by network calls. */
  readonly curves: string | undefined;
}

/** Tests the results and puts everything together. */
export function conclude(
  { title, facts, unit, skipped }: Plan,
  results: readonly Result[],
  measuredWith: readonly Fact[],
  curves: string | undefined,
): Comparison {
  const repeats = repeatsOf(results);
  const { label, count } = results[0]!.estimates[0]!;
  return {
    title,
    facts: [...facts, ...measuredWith],
    repeats,
    results,
    verdicts: verdictsOf(results, unit),
    caution: caution({ label, count, trained: unit === undefined, seeds: repeats?.[0]?.results.length }),
    skipped,
    curves,
  };
}
