import type { Dataset } from "@ddpm/core";

/** A class by its label, and its name where it has one. */
export interface NamedClass {
  /** What the network takes. */
  readonly number: number;
  readonly name?: string;
}

/**
 * The classes that a set has images of, by label.
 *
 * @returns none for a set whose labels are unknown
 */
export function classesWithImages({ labels, classes }: Pick<Dataset, "labels" | "classes">): NamedClass[] {
  return [...new Set(labels)].sort((a, b) => a - b).map((label) => namedClass(label, classes));
}

/** A label with its name. */
export function namedClass(number: number, classes: readonly string[] = []): NamedClass {
  const name = classes[number];
  return name === undefined ? { number } : { number, name };
}

/** Classes that a line lists. */
const LISTED = 12;

/** Classes in words: `class 3 (star)`, `classes 0 (disc), 3 (star)`; at most twelve of them. */
export function classesInWords(classes: readonly NamedClass[]): string {
  const words = classes
    .slice(0, LISTED)
    .map(({ number, name }) => (name === undefined ? `${number}` : `${number} (${name})`));
  const noun = classes.length === 1 ? "class" : "classes";
  return `${noun} ${words.join(", ")}${classes.length > LISTED ? " …" : ""}`;
}
