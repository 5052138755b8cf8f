import { type Dataset, fail, random } from "@ddpm/core";
import { fingerprint } from "@ddpm/core/authoring";

/** A set in two parts that share no image. */
export interface Split<Set extends Dataset = Dataset> {
  readonly training: Set;
  readonly heldOut: Set;
}

/**
 * Takes images out of a set at random, for a loss on images that training never sees. Which ones depends on the seed
 * and the size of the set alone.
 *
 * @param amount below 1 a share of the images, else how many; at least one, and one must be left
 * @throws DdpmError for an amount that leaves nothing on one side
 */
export function heldOutSplit<Set extends Dataset>(dataset: Set, amount: number, seed: number): Split<Set> {
  const count = amount < 1 ? Math.round(amount * dataset.length) : amount;
  if (!Number.isSafeInteger(count) || count < 1 || count >= dataset.length) {
    fail(
      "data/held-out-split",
      `${amount} of ${dataset.name} cannot be held out, it has ${dataset.length} images.`,
      "Give a share below 1, or a number of images, with something left on either side.",
    );
  }
  const order = random(seed).fork("held out images").permutation(dataset.length);
  const part = (name: string, indices: Uint32Array): Set =>
    subset(dataset, indices.sort(), fingerprint("held out", name, dataset.fingerprint, seed, count));
  return {
    training: part("training", Uint32Array.from(order.slice(count))),
    heldOut: part("held out", Uint32Array.from(order.slice(0, count))),
  };
}

/** Some images of a set, in the order of `indices`. */
function subset<Set extends Dataset>(dataset: Set, indices: Uint32Array, own: string): Set {
  const { labels, captions, name } = dataset;
  return {
    ...dataset,
    length: indices.length,
    fingerprint: own,
    ...(labels ? { labels: Int32Array.from(indices, (index) => labels[index]!) } : {}),
    ...(captions ? { captions: Array.from(indices, (index) => captions[index]!) } : {}),
    image: (index) =>
      dataset.image(
        indices[index] ??
          fail("data/held-out-split", `${name} has no image ${index} in this part of ${indices.length}.`),
      ),
  };
}
