import { type Dataset, fail } from "@ddpm/core";
import { fingerprint } from "./fingerprint.ts";
import type { Idx } from "./idx.ts";
import { knownSet } from "./known-sets.ts";

/** Two arrays and what to call them. */
export interface IdxDatasetOptions {
  /** [N, H, W] or [N, H, W, C], N from 1. */
  readonly images: Idx;
  /** [N]. */
  readonly labels?: Idx | undefined;
  /** `fashion-mnist`, `mnist`, `kmnist` and `qmnist` bring class names and whether flips are harmful. */
  readonly name: string;
  /** Class names by label, for sets not known by name. */
  readonly classes?: readonly string[] | undefined;
  /** Whether a mirror image means something else; true for sets not known by name. */
  readonly handed?: boolean | undefined;
}

/**
 * A {@link Dataset} over IDX arrays. What the name does not tell is not guessed: an unknown set is `handed` (so it
 * is never flipped) and its classes are called 0, 1, 2 … up to the largest label.
 *
 * @throws DdpmError naming the set: ranks or counts that do not fit, a label without a class
 */
export function idxDataset(options: IdxDatasetOptions): Dataset {
  const { images, labels, name } = options;
  const refuse = (what: string): never => fail("data/idx", `${name}: ${what}.`);
  const [length, height, width, channels = 1] = images.shape as [number, number, number, number?];
  if (images.shape.length < 3 || images.shape.length > 4) {
    refuse(`images of shape [${images.shape.join(", ")}], expected [N, H, W] or [N, H, W, C]`);
  }
  if (images.data.length === 0) refuse(`images of shape [${images.shape.join(", ")}], expected at least one`);
  if (labels && (labels.shape.length !== 1 || labels.shape[0] !== length)) {
    refuse(`labels of shape [${labels.shape.join(", ")}] for ${length} images, expected [${length}]`);
  }
  const known = knownSet(name);
  const classes = labels && checkedClasses(labels.data, options.classes ?? known?.classes, refuse);
  const size = height * width * channels;
  return {
    name,
    length,
    shape: [height, width, channels],
    ...(labels && classes ? { classes, labels: Int32Array.from(labels.data) } : {}),
    handed: options.handed ?? known?.handed ?? true,
    fingerprint: fingerprint("idx", images.shape.join(), images.data, labels?.data ?? "no labels"),
    image(index) {
      if (!(index >= 0 && index < length)) refuse(`image ${index}, expected 0 to ${length - 1}`);
      const pixels = images.data.subarray(index * size, (index + 1) * size);
      return labels ? { pixels, label: labels.data[index]! } : { pixels };
    },
  };
}

function checkedClasses(
  labels: Uint8Array,
  names: readonly string[] | undefined,
  refuse: (what: string) => never,
): readonly string[] {
  const most = labels.reduce((a, b) => Math.max(a, b), 0);
  if (!names) return Array.from({ length: most + 1 }, (_, label) => String(label));
  if (most >= names.length) refuse(`label ${most}, expected 0 to ${names.length - 1} for its class names`);
  return names;
}
