import { type Denoiser, fail } from "@ddpm/core";
import { classesInWords, classNumber, type NamedClass, namedClass } from "@ddpm/data/authoring";
import { classNamesIn } from "@ddpm/runs/authoring";

/** The labels or captions of samples `first … first + count − 1`, which cycle through some. */
export function turns<Value>(values: readonly Value[], first: number, count: number): Value[] {
  return Array.from({ length: count }, (_, i) => values[(first + i) % values.length]!);
}

/**
 * Checks `--label` and `--guidance` against a network, before its checkpoint is read.
 *
 * @param verb what to name in the error
 * @throws DdpmError for a class where the network takes none, or guidance without a class
 */
export function checkLabel(
  verb: string,
  label: string | undefined,
  guidance: number,
  { classes, tokens }: Pick<Denoiser, "classes" | "tokens">,
): void {
  if (label !== undefined && classes === undefined)
    fail(`cli/${verb}`, "--label was given, but the network takes no classes.");
  if (!Number.isFinite(guidance)) fail(`cli/${verb}`, "--guidance expects a number.");
  if (guidance !== 1 && label === undefined && !tokens)
    fail(`cli/${verb}`, "--guidance leans towards a class: give --label, too.");
}

/** A trained network with classes. */
export interface LabelledRun {
  /** Its folder. */
  readonly run: string;
  /** How many classes it takes. */
  readonly classes: number;
  /** Notes of its checkpoint. */
  readonly meta: Readonly<Record<string, unknown>>;
}

/**
 * The classes that `--label` means: the name or number of one, or several with commas between them.
 *
 * @param verb what to name in the error
 * @throws DdpmError for a class that the run does not have, or a name that several have
 */
export function classesOf(verb: string, label: string, { run, classes, meta }: LabelledRun): NamedClass[] {
  const names = (classNamesIn(meta) ?? []).slice(0, classes);
  const unnamed = "Imported runs, and runs of earlier versions until they are resumed, have no class names.";
  const words = names.includes(label) ? [label] : label.split(",").map((word) => word.trim());
  return words.map((word) => {
    const refuse = (what: string, hint?: string): never =>
      fail(
        `cli/${verb}`,
        `--label ${word}: ${run} ${what}.`,
        hint ?? (names.length === 0 ? unnamed : undefined),
      );
    return namedClass(classNumber(word, { classes: names, count: classes }, refuse), names);
  });
}

/** Classes as fields of an event: `label` for one, `labels` for several. */
export function classFields(classes: readonly NamedClass[] | undefined): Readonly<Record<string, unknown>> {
  if (!classes) return {};
  return classes.length === 1 ? { label: classes[0] } : { labels: classes };
}

/** ` of class 2 (dog)` after the number of pictures; nothing without classes. */
export function ofClasses(classes: readonly NamedClass[] | undefined): string {
  return classes ? ` of ${classesInWords(classes)}` : "";
}
