import { type Dataset, fail } from "@ddpm/core";
import { fingerprint } from "@ddpm/core/authoring";
import { classNumber } from "./class-number.ts";

/** Which classes to keep. */
export interface ClassSubset {
  /** Names or numbers, by the rule of `classNumbers`: the name, one of several names, a number. */
  readonly classes?: readonly (string | number)[] | undefined;
  /** Number the classes again, from 0 in the order asked for; false: an image keeps the label that it had. */
  readonly relabel?: boolean | undefined;
}

/**
 * The images of some classes, in the order of the set. Labels and class names stay as they were, so that a network
 * trained on all classes can continue with some; with `relabel` they are 0, 1 … in the order asked for.
 *
 * @returns the set itself where no classes are asked for
 * @throws DdpmError for a set without labels, a class that is not there or is meant by two, an empty choice, or a
 *   choice without images
 */
export function classSubset(dataset: Dataset, { classes: wanted, relabel = false }: ClassSubset): Dataset {
  const { name, labels, classes } = dataset;
  if (wanted === undefined) return dataset;
  const refuse = (what: string, hint?: string): never => fail("data/class-subset", `${name} ${what}.`, hint);
  if (wanted.length === 0) refuse("has no class in an empty list, expected at least one");
  if (!labels) return refuse("has no labels, so its classes are not known");
  const count = classes?.length ?? [...new Set(labels)].reduce((most, label) => Math.max(most, label + 1), 0);
  const kept = wanted.map((one) => classNumber(one, { classes: classes ?? [], count }, refuse));
  const place = new Map(kept.map((label, i) => [label, i]));
  if (place.size < kept.length) refuse(`has one class that ${JSON.stringify(wanted)} asks for twice`);
  const indices = Uint32Array.from(Array.from(labels.keys()).filter((i) => place.has(labels[i]!)));
  if (indices.length === 0) refuse(`has no image of ${wanted.join(", ")}`);
  const renamed = (label: number): number => (relabel ? place.get(label)! : label);
  const result: Dataset = {
    ...dataset,
    length: indices.length,
    labels: Int32Array.from(indices, (index) => renamed(labels[index]!)),
    ...(dataset.captions ? { captions: Array.from(indices, (index) => dataset.captions![index]!) } : {}),
    fingerprint: fingerprint("classes", dataset.fingerprint, kept.join(), relabel),
    image(index) {
      const from = indices[index] ?? refuse(`has no image ${index}, expected 0 to ${indices.length - 1}`);
      const label = renamed(labels[from]!);
      const image = dataset.image(from);
      return image instanceof Promise ? image.then((one) => ({ ...one, label })) : { ...image, label };
    },
  };
  return classes && relabel ? { ...result, classes: kept.map((label) => classes[label]!) } : result;
}
