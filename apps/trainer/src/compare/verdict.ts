import type { Result } from "./judge.ts";
import { repeatsOf } from "./repeats.ts";
import { type Tested, testAll, testOf, testRepeats } from "./tests.ts";

/** What is sure about the settings of one group. */
export interface Verdict {
  readonly group: string;
  /** The setting with the lowest KID. */
  readonly best: string;
  /** Names that cannot be told from the best. */
  readonly alike: readonly string[];
  /** Names that are farther from the data than the best. */
  readonly worse: readonly string[];
  readonly tests: readonly Tested[];
  /** All of it in a sentence. */
  readonly said: string;
}

/** A verdict per group, in order of appearance. */
export function verdictsOf(results: readonly Result[], words: string): Verdict[] {
  const groups = [...new Set(results.map(({ group }) => group))];
  return groups.map((group) =>
    verdictOf(
      group,
      results.filter((one) => one.group === group),
      words,
    ),
  );
}

/** Who is compared, by which value, and how sure the differences are. */
interface Field {
  readonly names: readonly string[];
  readonly kid: readonly number[];
  readonly tests: readonly Tested[];
}

function fieldOf(results: readonly Result[]): Field {
  const kidOf = ({ estimates }: Pick<Result, "estimates">): number => estimates[0]!.value;
  const namesOf = (ones: readonly { readonly name: string }[]): string[] => ones.map(({ name }) => name);
  const repeats = repeatsOf(results);
  if (repeats) {
    const tests = testRepeats(repeats.map(({ results: own }) => own.map(kidOf)));
    return { names: namesOf(repeats), kid: repeats.map(kidOf), tests };
  }
  const tests = testAll(results.map(({ each }) => each));
  return { names: namesOf(results), kid: results.map(kidOf), tests };
}

function verdictOf(group: string, results: readonly Result[], words: string): Verdict {
  const { names, kid, tests } = fieldOf(results);
  const best = kid.reduce((least, value, i) => (value < kid[least]! ? i : least), 0);
  const others = names.map((_, i) => i).filter((i) => i !== best);
  const isWorse = (i: number): boolean => Boolean(testOf(tests, best, i)?.significant);
  const those = (wanted: boolean): string[] =>
    others.filter((i) => isWorse(i) === wanted).map((i) => names[i]!);
  const [alike, worse] = [those(false), those(true)];
  const where = group === "" ? "" : `At ${group} ${words}: `;
  const name = names[best]!;
  const said =
    others.length === 0
      ? `${where}${name} alone was measured.`
      : worse.length === 0
        ? `${where}no difference that is more than chance; ${name} has the lowest KID.`
        : alike.length === 0
          ? `${where}${name} is nearest to the data, ahead of all others by more than chance.`
          : `${where}${name} has the lowest KID; ${alike.join(", ")} cannot be told from it; farther by more than chance: ${worse.join(", ")}.`;
  return { group, best: name, alike, worse, tests, said };
}

/**
 * How the verdicts are to be read.
 *
 * @param trained whether trainings were compared
 * @param count   samples of each
 * @param seeds   with how many seeds each setting was trained, where it was repeated
 */
export function caution(trained: boolean, count: number, seeds?: number): string {
  const all = "5 % for all pairs of a group together (Holm)";
  if (seeds !== undefined)
    return `Tests on KID over ${seeds} trainings of each setting with the same seeds, ${count} samples of each from the same noise, ${all}: an error is what another training changes. The real images are held.`;
  const rest = `Paired tests on KID over ${count} samples from the same noise, ${all}; the real images are held.`;
  return trained
    ? `${rest} Each setting was trained once: how much another training would change is not in these errors; --vary seed=0,1,2 beside it measures that.`
    : rest;
}
