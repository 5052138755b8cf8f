import { type MeasuredEstimate, randomisedBlocks, studentEstimate } from "@ddpm/metrics/authoring";
import type { Result } from "./result.ts";

/** One setting, trained with several seeds. */
export interface Repeats {
  readonly name: string;
  /** One for each seed, the seeds in the same order in all settings. */
  readonly results: readonly Result[];
  /** Means over the seeds, with the error of another training, the same for all settings. */
  readonly estimates: readonly MeasuredEstimate[];
}

/** The settings of results that differ by seeds as well; undefined where no training was repeated. */
export function repeatsOf(results: readonly Result[]): readonly Repeats[] | undefined {
  if (results.some(({ repeated }) => repeated === undefined)) return undefined;
  const names = [...new Set(results.map(({ repeated }) => repeated!))];
  const settings = names.map((name) => results.filter(({ repeated }) => repeated === name));
  const means = results[0]!.estimates.map((estimate, m) => meansOf(estimate, settings, m));
  return names.map((name, i) => ({
    name,
    results: settings[i]!,
    estimates: means.map((ofSettings) => ofSettings[i]!),
  }));
}

/** The mean over seeds of the m-th estimate, for every setting. */
function meansOf(
  { label, better, detail, metric, settings: options, count, realCount, of }: MeasuredEstimate,
  settings: readonly (readonly Result[])[],
  m: number,
): MeasuredEstimate[] {
  const blocks = randomisedBlocks(
    settings.map((trainings) => trainings.map(({ estimates }) => estimates[m]!.value)),
  );
  const seeds = settings[0]!.length;
  const subject = {
    ...{ metric, count: count * seeds, of },
    ...(options ? { settings: options } : {}),
    ...(realCount === undefined ? {} : { realCount }),
  };
  const standardError = Math.sqrt(blocks.variance / seeds);
  return blocks.means.map((mean) => ({
    ...{ label, better, detail },
    ...studentEstimate(subject, mean, standardError, blocks.freedom),
  }));
}
