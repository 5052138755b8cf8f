import type { Result } from "./judge.ts";
import { type Tested, testAll, testOf } from "./tests.ts";

/** What is sure about the settings of one group. */
export interface Verdict {
  readonly group: string;
  /** Place of the best among the results of the group. */
  readonly best: number;
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

function verdictOf(group: string, results: readonly Result[], words: string): Verdict {
  const kid = results.map(({ estimates }) => estimates[0]!);
  const best = kid.reduce((least, { value }, i) => (value < kid[least]!.value ? i : least), 0);
  const tests = testAll(
    results.map(({ each }) => each),
    kid[0]!.of,
  );
  const others = results.map((_, i) => i).filter((i) => i !== best);
  const isWorse = (i: number): boolean => Boolean(testOf(tests, best, i)?.significant);
  const names = (wanted: boolean): string[] =>
    others.filter((i) => isWorse(i) === wanted).map((i) => results[i]!.name);
  const [alike, worse] = [names(false), names(true)];
  const where = group === "" ? "" : `At ${group} ${words}: `;
  const name = results[best]!.name;
  const said =
    others.length === 0
      ? `${where}${name} alone was measured.`
      : worse.length === 0
        ? `${where}no difference that is more than chance; ${name} has the lowest KID.`
        : alike.length === 0
          ? `${where}${name} is nearest to the data, ahead of all others by more than chance.`
          : `${where}${name} has the lowest KID; ${alike.join(", ")} cannot be told from it; farther by more than chance: ${worse.join(", ")}.`;
  return { group, best, alike, worse, tests, said };
}

/** How the verdicts are to be read. */
export function caution(trained: boolean, count: number): string {
  const rest = `Paired tests on KID over ${count} samples from the same noise, 5 % for all pairs of a group together (Holm); the real images are held.`;
  return trained
    ? `${rest} Each setting was trained once: how much another training seed would change is not in these errors, --vary seed=0,1,2 shows it.`
    : rest;
}
