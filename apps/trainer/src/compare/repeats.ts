import { type Estimate, meanEstimate } from "@ddpm/metrics";
import type { Result } from "./judge.ts";

/** One setting, trained with several seeds. */
export interface Repeats {
  readonly name: string;
  /** One for each seed, the seeds in the same order in all settings. */
  readonly results: readonly Result[];
  /** Means over the seeds; their errors are those between seeds. */
  readonly estimates: readonly Estimate[];
}

/** The settings behind results that are told apart by seeds as well; nothing where no training was repeated. */
export function repeatsOf(results: readonly Result[]): readonly Repeats[] | undefined {
  if (results.some(({ repeated }) => repeated === undefined)) return undefined;
  const names = [...new Set(results.map(({ repeated }) => repeated!))];
  return names.map((name): Repeats => {
    const own = results.filter(({ repeated }) => repeated === name);
    const estimates = own[0]!.estimates.map(({ metric, count, realCount, of }, m) =>
      meanEstimate(
        { metric, count: count * own.length, of, ...(realCount === undefined ? {} : { realCount }) },
        own.map((one) => one.estimates[m]!.value),
      ),
    );
    return { name, results: own, estimates };
  });
}
