import { type Estimate, estimate } from "@ddpm/metrics";
import type { Result } from "./judge.ts";
import { blocksOf } from "./tests.ts";

/** One setting, trained with several seeds. */
export interface Repeats {
  readonly name: string;
  /** One for each seed, the seeds in the same order in all settings. */
  readonly results: readonly Result[];
  /** Means over the seeds; their errors are what another training changes, the same for all settings. */
  readonly estimates: readonly Estimate[];
}

/** The settings behind results that are told apart by seeds as well; nothing where no training was repeated. */
export function repeatsOf(results: readonly Result[]): readonly Repeats[] | undefined {
  if (results.some(({ repeated }) => repeated === undefined)) return undefined;
  const names = [...new Set(results.map(({ repeated }) => repeated!))];
  const settings = names.map((name) => results.filter(({ repeated }) => repeated === name));
  const measures = results[0]!.estimates.map(({ metric, count, realCount, of }, m) => {
    const blocks = blocksOf(settings.map((own) => own.map(({ estimates }) => estimates[m]!.value)));
    const seeds = settings[0]!.length;
    const real = realCount === undefined ? {} : { realCount };
    const subject = { metric, count: count * seeds, of, ...real };
    const standardError = Math.sqrt(blocks.variance / seeds);
    return blocks.means.map((mean) => estimate(subject, mean, standardError, blocks.freedom));
  });
  return names.map((name, i) => ({
    name,
    results: settings[i]!,
    estimates: measures.map((ofSettings) => ofSettings[i]!),
  }));
}
