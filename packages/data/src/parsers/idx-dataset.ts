import { type Dataset, fail } from "@ddpm/core";
import { fingerprint } from "@ddpm/core/authoring";
import { type Idx, idxLabels, idxTypeName } from "./idx.ts";
import { knownSet } from "./known-sets.ts";

/** Two arrays and what to call them. */
export interface IdxDatasetOptions {
  /** Unsigned bytes, [N, H, W] or [N, H, W, C], N from 1. */
  readonly images: Idx;
  /** Whole numbers, [N], [N, 1], or QMNIST's [N, 8]. */
  readonly labels?: Idx | undefined;
  /** A set that `knownSet` knows brings class names, whether flips are harmful, and how its pictures are stored. */
  readonly name: string;
  /** Class names by label, instead of those of the known set or of `mapping`. */
  readonly classes?: readonly string[] | undefined;
  /** EMNIST's list of classes, the text of its `…-mapping.txt`. */
  readonly mapping?: string | undefined;
  /** Whether a mirror image means something else; true for sets not known by name. */
  readonly flippable?: boolean | undefined;
}

/** Most classes, where only the largest label says how many there are. */
const MOST = 100_000;

/**
 * A {@link Dataset} over IDX arrays. What the name does not tell is not guessed: an unknown set is not `flippable` (so it
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
  if ((images.type ?? "ubyte") !== "ubyte")
    refuse(`images are ${idxTypeName(images.type)}, expected ${idxTypeName("ubyte")}`);
  if (images.data.length === 0) refuse(`images of shape [${images.shape.join(", ")}], expected at least one`);
  if (labels && labels.shape[0] !== length) {
    refuse(`labels of shape [${labels.shape.join(", ")}] for ${length} images, expected [${length}]`);
  }
  const known = knownSet(name);
  const mapped = options.mapping === undefined ? undefined : mappedClasses(options.mapping, refuse);
  const numbers =
    labels && classNumbers(idxLabels(labels, name), mapped?.labels ?? known?.firstLabel, refuse);
  const classes =
    numbers && checkedClasses(numbers, options.classes ?? mapped?.names ?? known?.classes, refuse);
  const size = height * width * channels;
  const upright = known?.transposed
    ? (pixels: Uint8Array) => transposed(pixels, width, height, channels)
    : undefined;
  return {
    name,
    length,
    shape: upright ? [width, height, channels] : [height, width, channels],
    ...(numbers && classes ? { classes, labels: numbers } : {}),
    flippable: options.flippable ?? known?.flippable ?? false,
    fingerprint: fingerprint(
      ...["idx", ...(upright ? ["transposed"] : []), images.shape.join(), images.data],
      labels?.data ?? "no labels",
    ),
    image(index) {
      if (!(index >= 0 && index < length)) refuse(`image ${index}, expected 0 to ${length - 1}`);
      const stored = images.data.subarray(index * size, (index + 1) * size);
      const pixels = upright ? upright(stored) : stored;
      return numbers ? { pixels, label: numbers[index]! } : { pixels };
    },
  };
}

type Refuse = (what: string) => never;

/** [height, width, channels] pixels of a picture stored as [width, height, channels]. */
function transposed(pixels: Uint8Array, height: number, width: number, channels: number): Uint8Array {
  const upright = new Uint8Array(pixels.length);
  let to = 0;
  for (let y = 0; y < height; y++)
    for (let x = 0; x < width; x++)
      for (let c = 0; c < channels; c++) upright[to++] = pixels[(x * height + y) * channels + c]!;
  return upright;
}

/** Source: Cohen et al. 2017, `…-mapping.txt`: a label and the codes of its characters, a line each. */
function mappedClasses(text: string, refuse: Refuse): { labels: Map<number, number>; names: string[] } {
  const lines = text.split("\n").filter((line) => line.trim() !== "");
  const entries = lines.map((line) => line.trim().split(/\s+/).map(Number));
  const wrong = entries.findIndex((entry) => entry.length < 2 || !entry.every(Number.isSafeInteger));
  if (wrong >= 0)
    refuse(
      `line ${wrong + 1} of the mapping is ${JSON.stringify(lines[wrong])}, expected a label and characters' codes`,
    );
  const sorted = entries.sort((a, b) => a[0]! - b[0]!);
  return {
    labels: new Map(sorted.map(([label], number) => [label!, number])),
    names: sorted.map(([, code]) => String.fromCodePoint(code!)),
  };
}

/** Labels as classes are numbered, from 0, of labels as files number them. */
function classNumbers(
  labels: Int32Array,
  from: Map<number, number> | number | undefined,
  refuse: Refuse,
): Int32Array {
  if (from === undefined || from === 0) return labels;
  const expected = typeof from === "number" ? `from ${from} on` : `one of ${[...from.keys()].join(", ")}`;
  return labels.map((label) => {
    const number = typeof from === "number" ? label - from : (from.get(label) ?? -1);
    return number >= 0 ? number : refuse(`label ${label}, expected ${expected}`);
  });
}

function checkedClasses(
  labels: Int32Array,
  names: readonly string[] | undefined,
  refuse: Refuse,
): readonly string[] {
  const most = labels.reduce((a, b) => Math.max(a, b), 0);
  if (!names) {
    if (most >= MOST) refuse(`label ${most}, expected 0 to ${MOST - 1}`);
    return Array.from({ length: most + 1 }, (_, label) => String(label));
  }
  if (most >= names.length) refuse(`label ${most}, expected 0 to ${names.length - 1} for its class names`);
  return names;
}
