import { type PairedTest, pairedTests, seedTests, testOf } from "@ddpm/metrics/authoring";
import type { Plan } from "../plan/plan.ts";
import { repeatsOf } from "./repeats.ts";
import type { Result } from "./result.ts";

/** What the tests show about the settings of one group. */
export interface Verdict {
  readonly group: string;
  /** The setting with the best value of the deciding metric. */
  readonly best: string;
  /** Settings that do not differ significantly from the best. */
  readonly alike: readonly string[];
  /** Settings that are significantly worse than the best. */
  readonly worse: readonly string[];
  readonly tests: readonly PairedTest[];
  /** The verdict in a sentence. */
  readonly text: string;
}

/** A verdict per group, in order of appearance. */
export function verdictsOf(results: readonly Result[], unit: Plan["unit"]): Verdict[] {
  const groups = [...new Set(results.map(({ group }) => group))];
  return groups.map((group) =>
    verdictOf(
      group,
      results.filter((one) => one.group === group),
      unit,
    ),
  );
}

/** The settings of a group, their values of the deciding metric, and the tests of all pairs. */
interface Contest {
  readonly names: readonly string[];
  readonly values: readonly number[];
  readonly tests: readonly PairedTest[];
}

function contestOf(results: readonly Result[]): Contest {
  const decidingValue = ({ estimates }: Pick<Result, "estimates">): number => estimates[0]!.value;
  const repeats = repeatsOf(results);
  if (!repeats) {
    const tests = pairedTests(results.map(({ contributions }) => contributions));
    return { names: results.map(({ name }) => name), values: results.map(decidingValue), tests };
  }
  const tests = seedTests(repeats.map(({ results: trainings }) => trainings.map(decidingValue)));
  return { names: repeats.map(({ name }) => name), values: repeats.map(decidingValue), tests };
}

function verdictOf(group: string, results: readonly Result[], unit: Plan["unit"]): Verdict {
  const { label, better } = results[0]!.estimates[0]!;
  const { names, values, tests } = contestOf(results);
  const sign = better === "lower" ? 1 : -1;
  const best = values.reduce((first, value, i) => (sign * value < sign * values[first]! ? i : first), 0);
  const others = names.map((_, i) => i).filter((i) => i !== best);
  const isWorse = (i: number): boolean => Boolean(testOf(tests, best, i)?.significant);
  const namesOf = (wanted: boolean): string[] =>
    others.filter((i) => isWorse(i) === wanted).map((i) => names[i]!);
  const verdict = { group, best: names[best]!, alike: namesOf(false), worse: namesOf(true), tests };
  const where = unit === undefined ? "" : `At ${group} ${unit}: `;
  const extreme = `${better === "lower" ? "lowest" : "highest"} ${label}`;
  return { ...verdict, text: `${where}${inWords(verdict, extreme)}` };
}

function inWords({ best, alike, worse }: Pick<Verdict, "best" | "alike" | "worse">, extreme: string): string {
  if (alike.length + worse.length === 0) return `${best} is the only setting.`;
  if (worse.length === 0) return `no significant difference; ${best} has the ${extreme}.`;
  if (alike.length === 0) return `${best} has the ${extreme}, significantly better than all others.`;
  return `${best} has the ${extreme}, not significantly different from ${alike.join(", ")}; significantly worse: ${worse.join(", ")}.`;
}

/** What the verdicts rest on. */
export interface Basis {
  /** The deciding metric. */
  readonly label: string;
  /** Samples of each setting. */
  readonly count: number;
  /** Whether trainings were compared. */
  readonly trained: boolean;
  /** Seeds that every setting was trained with, where it was repeated. */
  readonly seeds: number | undefined;
}

/** How to read the verdicts. */
export function caution({ label, count, trained, seeds }: Basis): string {
  const level = "5 % for all pairs of a group together (Holm)";
  if (seeds !== undefined)
    return `Tests on ${label} over ${seeds} trainings of each setting with the same seeds, ${count} samples of each from the same noise, ${level}: the errors are those of another training. The real images are fixed.`;
  const paired = `Paired tests on ${label} over ${count} samples from the same noise, ${level}; the real images are fixed.`;
  return trained
    ? `${paired} Each setting was trained once: the errors do not include the variation between trainings; --vary seed=0,1,2 next to it measures that.`
    : paired;
}
