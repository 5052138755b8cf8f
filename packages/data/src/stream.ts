import { type Dataset, type DatasetImage, fail, type ImageStream, type Images, random } from "@ddpm/core";
import { epochOrder } from "./epoch-order.ts";
import { fingerprint } from "./fingerprint.ts";
import { prefetcher } from "./prefetcher.ts";

/** How {@link imageStream} orders, augments and scales. */
export interface ImageStreamOptions {
  /** Whole number from 0: orders and flips come from it. */
  readonly seed: number;
  /** Each image mirrored left to right with probability 1/2; by default unless the set is `handed`. */
  readonly flip?: boolean | undefined;
  /** Another order each epoch (default), or always the set's own. */
  readonly shuffle?: boolean | undefined;
  /** Pixels 0 … 255 become [−1, 1] (`symmetric`, default) or [0, 1] (`unit`, as some published models want). */
  readonly range?: "symmetric" | "unit" | undefined;
  /** Images to begin decoding ahead of the next read; by default as many as the last read had. */
  readonly prefetch?: number | undefined;
}

const WHERE = "data/stream";

/**
 * Turns a set into an endless training stream in which image k depends on (set, options, k) alone: epoch ⌊k / n⌋,
 * position k mod n in the epoch's own permutation, flip drawn from the stream forked at k. How reads are cut, what
 * was read before and what was prefetched change nothing.
 *
 * Scaling: x / 127.5 − 1 (Ho et al. 2020, section 3.3) or x / 255, rounded once to float32. The values of sets finer
 * than bytes are taken as they are, or as (x + 1) / 2.
 *
 * @returns reads of [B, H, W, C] float32, with labels [B] where the set has them
 * @throws DdpmError for an empty set, `flip` on a set that is `handed`, options out of range; from `read` for a range
 *   that is not whole numbers from 0, or an image that does not decode
 */
export function imageStream(dataset: Dataset, options: ImageStreamOptions): ImageStream {
  const { seed, flip = !dataset.handed, shuffle = true, range = "symmetric", prefetch } = options;
  const [height, width, channels] = dataset.shape;
  const { length } = dataset;
  if (length < 1) fail(WHERE, `${dataset.name} has no images, expected at least one.`);
  whole("seed", seed);
  if (prefetch !== undefined) whole("prefetch", prefetch);
  if (flip && dataset.handed) {
    fail(WHERE, `flip on ${dataset.name}, whose images mean something else in a mirror.`, "Leave flip off.");
  }

  const root = random(seed);
  const orders = epochOrder(length, root.fork("order"));
  const flips = root.fork("flip");
  const values = pixelValues(range);
  const size = height * width * channels;
  const indexOf = (k: number): number => (shuffle ? orders(Math.floor(k / length))[k % length]! : k % length);
  const ahead = prefetcher(dataset);

  const put = (images: Images, row: number, k: number, image: DatasetImage): void => {
    const { pixels, values: fine, label } = image;
    const given = fine ?? pixels;
    if (given.length !== size) {
      const kind = fine ? "values" : "bytes";
      fail(WHERE, `${dataset.name}: image ${indexOf(k)} has ${given.length} ${kind}, expected ${size}.`);
    }
    if (label !== undefined && images.labels) images.labels[row] = label;
    const mirrored = flip && flips.fork(k).uniform() < 0.5;
    for (let y = 0, to = row * size; y < height; y++)
      for (let x = 0; x < width; x++) {
        const from = (y * width + (mirrored ? width - 1 - x : x)) * channels;
        for (let c = 0; c < channels; c++, to++) {
          images.data[to] = fine ? scaled(fine[from + c]!, range) : values[pixels[from + c]!]!;
        }
      }
  };

  return {
    shape: dataset.shape,
    ...(dataset.classes ? { classes: dataset.classes } : {}),
    length,
    fingerprint: fingerprint("stream", dataset.fingerprint, seed, flip, shuffle, range),
    async read(first, count) {
      whole("first", first);
      whole("count", count);
      whole("first + count", first + count);
      const pending = Array.from({ length: count }, (_, row) => ahead.take(indexOf(first + row)));
      const asynchronous = pending.some((image) => image instanceof Promise);
      const loaded = await Promise.all(pending);
      const labelled = loaded.filter(({ label }) => label !== undefined).length;
      if (labelled !== 0 && labelled !== count) {
        fail(
          WHERE,
          `${dataset.name}: ${count - labelled} of ${count} images have no label, expected all or none.`,
        );
      }
      const images: Images = {
        data: new Float32Array(count * size),
        shape: [count, height, width, channels],
        ...(labelled ? { labels: new Int32Array(count) } : {}),
      };
      loaded.forEach((image, row) => {
        put(images, row, first + row, image);
      });
      const next = Math.min(prefetch ?? count, length);
      if (asynchronous) ahead.begin(Array.from({ length: next }, (_, i) => indexOf(first + count + i)));
      return images;
    },
    async close() {
      ahead.begin([]);
    },
  };
}

/** What each byte becomes. */
function pixelValues(range: "symmetric" | "unit"): Float32Array {
  if (range !== "symmetric" && range !== "unit") fail(WHERE, `range "${range}", expected symmetric or unit.`);
  return Float32Array.from({ length: 256 }, (_, x) => (range === "unit" ? x / 255 : x / 127.5 - 1));
}

/** A value that is finer than a byte, given in [−1, 1]. */
function scaled(value: number, range: "symmetric" | "unit"): number {
  return range === "unit" ? (value + 1) / 2 : value;
}

function whole(what: string, value: number): void {
  if (Number.isSafeInteger(value) && value >= 0) return;
  fail(WHERE, `${what} ${value}, expected a whole number from 0.`);
}
