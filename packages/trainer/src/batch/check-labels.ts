import { type Denoiser, fail } from "@ddpm/core";
import type { SampleStream } from "@ddpm/core/authoring";

/**
 * Refuses images whose labels a network cannot take.
 *
 * @throws DdpmError for a network with classes and images without labels, and for labels that it has no class for
 */
export function checkLabels(
  { name, classes }: Pick<Denoiser, "name" | "classes">,
  images: Pick<SampleStream, "labels" | "classes">,
): void {
  if (classes === undefined) return;
  const { labels, classes: names } = images;
  if (labels?.length === 0 || (!labels && names?.length === 0)) {
    fail(
      "trainer/check-labels",
      `${name} takes labels of ${classes} classes, and the images have none.`,
      WITHOUT,
    );
  }
  // Where labels are not known beforehand, each class that has a name may come.
  let largest = labels ? 0 : (names?.length ?? 0) - 1;
  for (const label of labels ?? []) {
    if (!(Number.isInteger(label) && label >= 0)) {
      fail("trainer/check-labels", `the images have the label ${label}, expected whole numbers from 0.`);
    }
    largest = Math.max(largest, label);
  }
  if (largest < classes) return;
  const called = names?.[largest] === undefined ? "" : ` ("${names[largest]}")`;
  fail(
    "trainer/check-labels",
    `the images have labels up to ${largest}${called}, and ${name} takes 0 to ${classes - 1}.`,
    `Build the network with ${largest + 1} classes, or keep fewer classes of the images.`,
  );
}

/** What to do about images without labels. */
const WITHOUT = "Build the network without classes, or give the images labels.";

/**
 * Refuses images without labels for a network with classes, where only reading them tells.
 *
 * @param read some of the images
 * @throws DdpmError
 */
export function checkLabelled(
  { name, classes }: Pick<Denoiser, "name" | "classes">,
  read: { readonly labels?: Int32Array },
): void {
  if (classes === undefined || read.labels) return;
  fail(
    "trainer/check-labels",
    `${name} takes labels of ${classes} classes, and the images have none.`,
    WITHOUT,
  );
}
