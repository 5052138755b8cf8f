import { type Dataset, type DatasetImage, fail, type ImageStream, type Images, random } from "@ddpm/core";
import { fingerprint } from "@ddpm/core/authoring";
import { epochOrder } from "./epoch-order.ts";
import { prefetcher } from "./prefetcher.ts";
import { makeRows, pixelLevels, plannedShape, type RowPlan, type RowWorkers } from "./rows.ts";

/** How {@link imageStream} orders, augments and scales. */
export interface ImageStreamOptions {
  /** Whole number from 0: orders and flips come from it. */
  readonly seed: number;
  /** Each image mirrored left to right with probability 1/2; by default if the set is `flippable` and not augmented. */
  readonly flip?: boolean | undefined;
  /** Rows and columns (one number for both) cut out of each image at a place of its own. */
  readonly crop?: number | readonly [height: number, width: number] | undefined;
  /**
   * Probability of each of EDM's geometric augmentations (0.12 for CIFAR-10); none when absent. Half of the images
   * are mirrored then, so `flip` is left off.
   */
  readonly augment?: number | undefined;
  /** Another order each epoch (default), or always the set's own. */
  readonly shuffle?: boolean | undefined;
  /** Pixels 0 … 255 become [−1, 1] (`symmetric`, default) or [0, 1] (`unit`, as some published models want). */
  readonly range?: "symmetric" | "unit" | undefined;
  /** Images to begin decoding ahead of the next read; by default the number of the last read. */
  readonly prefetch?: number | undefined;
  /** Where images are cropped, mirrored, augmented and scaled; here when absent. What comes out is the same. */
  readonly workers?: RowWorkers | undefined;
  /** For one of `count` processes that train together: of the whole stream, every `count`-th image from `index` on. */
  readonly shard?: { readonly index: number; readonly count: number } | undefined;
}

/** Images with what was done to them. */
export interface StreamImages extends Images {
  /** [B, 9], see `drawAugmentation`; where the stream augments. */
  readonly augmentLabels?: Float32Array;
}

/** An {@link ImageStream} that can tell how images were augmented. */
export interface AugmentedStream extends ImageStream {
  read(first: number, count: number): Promise<StreamImages>;
}

const WHERE = "data/stream";

/**
 * Turns a set into an endless training stream in which image k depends on (set, options, k) alone: epoch ⌊k / n⌋,
 * position k mod n in the epoch's own permutation, crop, flip and augmentation drawn from streams forked at k. How
 * reads are cut, what was read before, what was prefetched, and how many workers there are change nothing.
 *
 * Scaling: x / 127.5 − 1 (Ho et al. 2020, section 3.3) or x / 255, rounded once to float32. The values of sets finer
 * than bytes are taken as they are, or as (x + 1) / 2. Augmented images may be a little beyond.
 *
 * @returns reads of [B, H, W, C] float32, with labels [B] where the set has them
 * @throws DdpmError for an empty set, `flip` or `augment` on a set that is not `flippable`, options out of range; from `read`
 *   for a range that is not whole numbers from 0, or an image that does not decode
 */
export function imageStream(dataset: Dataset, options: ImageStreamOptions): AugmentedStream {
  const { seed, shuffle = true, prefetch, workers } = options;
  const { index: part, count: parts } = options.shard ?? { index: 0, count: 1 };
  const { length } = dataset;
  if (length < 1) fail(WHERE, `${dataset.name} has no images, expected at least one.`);
  whole("seed", seed);
  if (prefetch !== undefined) whole("prefetch", prefetch);
  whole("shard.index", part);
  if (!(Number.isSafeInteger(parts) && part < parts))
    fail(WHERE, `shard ${part} of ${parts}, expected an index below the count.`);
  const plan = planOf(dataset, options);
  const shape = plannedShape(plan);

  const orders = epochOrder(length, random(seed).fork("order"));
  const indexOf = (k: number): number => (shuffle ? orders(Math.floor(k / length))[k % length]! : k % length);
  const numberOf = (i: number): number => i * parts + part;
  const ahead = prefetcher(dataset);
  const made = fingerprint("stream", dataset.fingerprint, seed, plan.flip, shuffle, plan.range);
  const more = [plan.crop, plan.augment, options.shard];

  return {
    shape,
    ...(dataset.classes ? { classes: dataset.classes } : {}),
    ...(dataset.labels ? { labels: dataset.labels } : {}),
    length,
    fingerprint: more.some((one) => one !== undefined) ? fingerprint(made, JSON.stringify(more)) : made,
    async read(first, count) {
      whole("first", first);
      whole("count", count);
      whole("first + count", numberOf(first + count));
      const numbers = Array.from({ length: count }, (_, row) => numberOf(first + row));
      const pending = numbers.map((k) => ahead.take(indexOf(k)));
      // Begun now, so that decoding continues while these are finished.
      const next = Math.min(prefetch ?? count, length);
      if (pending.some((image) => image instanceof Promise))
        ahead.begin(Array.from({ length: next }, (_, i) => indexOf(numberOf(first + count + i))));
      const loaded = await Promise.all(pending);
      loaded.forEach((image, row) => {
        checkSize(dataset, indexOf(numbers[row]!), image);
      });
      const labels = labelsOf(dataset, loaded);
      const captions = dataset.captioned ? loaded.map(({ caption = "" }) => caption) : undefined;
      const inputs = loaded.map(({ pixels, values }, row) => ({ k: numbers[row]!, pixels, values }));
      const rows = workers && count > 0 ? await workers.rows(plan, inputs) : makeRows(plan, inputs);
      const words = captions ? { captions } : {};
      return { ...rows, shape: [count, ...shape], ...(labels ? { labels } : {}), ...words };
    },
    async close() {
      ahead.begin([]);
    },
  };
}

function planOf(dataset: Dataset, options: ImageStreamOptions): RowPlan {
  const { seed, augment, range = "symmetric" } = options;
  const { name, shape, flippable = true } = dataset;
  const flip = options.flip ?? (flippable && augment === undefined);
  pixelLevels(range);
  if (!flippable && (flip || augment !== undefined)) {
    const what = flip ? "flip" : "augment";
    fail(WHERE, `${what} on ${name}, whose images mean something else in a mirror.`, `Leave ${what} off.`);
  }
  if (augment !== undefined) {
    if (!(augment >= 0 && augment <= 1)) fail(WHERE, `augment ${augment}, expected a probability, 0 to 1.`);
    if (flip) fail(WHERE, "flip and augment, which mirrors half of the images itself.", "Leave flip off.");
    if (Math.min(shape[0], shape[1]) < 2)
      fail(WHERE, `augment on ${name} of ${shape[0]}×${shape[1]}, expected at least 2×2.`);
  }
  const crop = typeof options.crop === "number" ? ([options.crop, options.crop] as const) : options.crop;
  crop?.forEach((size, axis) => {
    if (!(Number.isSafeInteger(size) && size >= 1 && size <= shape[axis]!))
      fail(WHERE, `crop of ${crop.join("×")}, expected whole numbers up to ${shape[0]}×${shape[1]}.`);
  });
  return { seed, shape, crop, flip, augment, range };
}

function checkSize(dataset: Dataset, index: number, { pixels, values }: DatasetImage): void {
  const [height, width, channels] = dataset.shape;
  const { length } = values ?? pixels;
  if (length === height * width * channels) return;
  const kind = values ? "values" : "bytes";
  fail(
    WHERE,
    `${dataset.name}: image ${index} has ${length} ${kind}, expected ${height * width * channels}.`,
  );
}

function labelsOf({ name }: Dataset, images: readonly DatasetImage[]): Int32Array | undefined {
  const missing = images.filter(({ label }) => label === undefined).length;
  if (missing === images.length) return undefined;
  if (missing > 0)
    fail(WHERE, `${name}: ${missing} of ${images.length} images have no label, expected all or none.`);
  return Int32Array.from(images, ({ label }) => label!);
}

function whole(what: string, value: number): void {
  if (Number.isSafeInteger(value) && value >= 0) return;
  fail(WHERE, `${what} ${value}, expected a whole number from 0.`);
}
