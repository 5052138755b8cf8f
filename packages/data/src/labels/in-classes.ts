import { type Dataset, fail } from "@ddpm/core";
import { fingerprint } from "@ddpm/core/authoring";
import { classNumber } from "./class-number.ts";

/**
 * A set with its labels in the numbering of other classes: those that a network was trained on. A class is found by the
 * rule of `classNumbers`, its name being the word.
 *
 * @param classes names by label
 * @returns the set itself where it has no class names, or numbers the classes alike
 * @throws DdpmError for a class with images that is not among `classes`
 */
export function inClasses<Set extends Dataset>(dataset: Set, classes: readonly string[]): Set {
  const { name, labels, classes: own } = dataset;
  if (!labels || !own) return dataset;
  const refuse = (what: string, hint?: string): never =>
    fail("data/in-classes", `${name} has other classes than the network learned, which ${what}.`, hint);
  const numbers = new Map(
    [...new Set(labels)].map((label) => [label, classNumber(own[label]!, { classes }, refuse)]),
  );
  if ([...numbers].every(([label, number]) => label === number)) return dataset;
  const renumbered = (label: number): number => numbers.get(label)!;
  return {
    ...dataset,
    classes,
    labels: Int32Array.from(labels, renumbered),
    fingerprint: fingerprint("in classes", dataset.fingerprint, JSON.stringify([...numbers])),
    async image(index: number) {
      return { ...(await dataset.image(index)), label: renumbered(labels[index]!) };
    },
  };
}
