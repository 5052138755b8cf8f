import { fail, random } from "@ddpm/core";
import { type ImageShape, valueOfPixel } from "@ddpm/core/authoring";
import { AUGMENT_LABELS, drawAugmentation } from "../augment/edm.ts";
import { warped } from "../augment/warp.ts";

/** All that decides what a stream makes of an image: plain data, so that it can be sent to a worker. */
export interface RowPlan {
  readonly seed: number;
  /** Of the set's images. */
  readonly shape: ImageShape;
  /** Rows and columns cut out at a random place; all when absent. */
  readonly crop?: readonly [height: number, width: number] | undefined;
  /** Mirror half of the images left to right. */
  readonly flip: boolean;
  /** Probability of each of EDM's geometric augmentations; none when absent. */
  readonly augment?: number | undefined;
  readonly range: "symmetric" | "unit";
}

/** An image, and its number in the stream. */
export interface RowInput {
  readonly k: number;
  readonly pixels: Uint8Array | Uint8ClampedArray;
  readonly values?: Float32Array | undefined;
}

/** Images as a network takes them. */
export interface Rows {
  /** [B, H, W, C]. */
  readonly data: Float32Array;
  /** [B, 9] where the plan augments. */
  readonly augmentLabels?: Float32Array;
}

/** Makes {@link Rows} elsewhere: in worker threads, say. */
export interface RowWorkers {
  rows(plan: RowPlan, images: readonly RowInput[]): Promise<Rows>;
}

/** Rows, columns and channels of what a plan makes. */
export function plannedShape({ shape, crop }: RowPlan): readonly [number, number, number] {
  return [crop?.[0] ?? shape[0], crop?.[1] ?? shape[1], shape[2]];
}

/**
 * Crops, mirrors, augments and scales images. What becomes of one depends on the plan, its number and its pixels
 * alone, not on the others or on where this runs.
 *
 * Scaling: x / 127.5 − 1 (Ho et al. 2020, section 3.3) or x / 255, rounded once to float32.
 */
export function makeRows(plan: RowPlan, images: readonly RowInput[]): Rows {
  const { seed, shape, flip, augment, range } = plan;
  const [height, width, channels] = plannedShape(plan);
  const [streams, size] = [random(seed), height * width * channels];
  const [flips, crops, pipes] = [streams.fork("flip"), streams.fork("crop"), streams.fork("augment")];
  const first = augment === undefined ? range : "symmetric";
  const levels = pixelLevels(first);
  const finer = (value: number): number => scaled(value, first);
  const data = new Float32Array(images.length * size);
  const augmentLabels = augment === undefined ? undefined : new Float32Array(images.length * AUGMENT_LABELS);

  images.forEach(({ k, pixels, values }, row) => {
    const place = plan.crop ? crops.fork(k) : undefined;
    const top = place ? place.integer(shape[0] - height + 1) : 0;
    const left = place ? place.integer(shape[1] - width + 1) : 0;
    const drawn =
      augment === undefined ? undefined : drawAugmentation(pipes.fork(k), augment, [height, width]);
    const flipX = drawn ? drawn.flipX : flip && flips.fork(k).uniform() < 0.5;
    const to = row * size;
    const window = {
      top,
      left,
      height,
      width,
      channels,
      stride: shape[1],
      flipX,
      flipY: drawn?.flipY ?? false,
    };
    if (values) data.set(windowOf(values, window).map(finer), to);
    else cut(pixels, window, levels, data, to);
    if (!drawn) return;
    augmentLabels!.set(drawn.labels, row * AUGMENT_LABELS);
    const moved = drawn.inverse.some((value, i) => value !== (i === 0 || i === 4 ? 1 : 0));
    if (moved) data.set(warped(data.subarray(to, to + size), [height, width, channels], drawn.inverse), to);
    if (range === "unit") for (let i = to; i < to + size; i++) data[i] = scaled(data[i]!, "unit");
  });
  return { data, ...(augmentLabels ? { augmentLabels } : {}) };
}

/** What each byte becomes. @throws DdpmError for another range */
export function pixelLevels(range: "symmetric" | "unit"): Float32Array {
  if (range !== "symmetric" && range !== "unit")
    fail("data/stream", `range "${range}", expected symmetric or unit.`);
  return Float32Array.from({ length: 256 }, (_, x) => (range === "unit" ? x / 255 : valueOfPixel(x)));
}

/** A value that is finer than a byte, given in [−1, 1]. */
function scaled(value: number, range: "symmetric" | "unit"): number {
  return range === "unit" ? (value + 1) / 2 : value;
}

/** A part of an image, as it is to be seen. */
interface Window {
  readonly top: number;
  readonly left: number;
  readonly height: number;
  readonly width: number;
  readonly channels: number;
  /** Pixels in a row of the whole image. */
  readonly stride: number;
  readonly flipX: boolean;
  readonly flipY: boolean;
}

/** Copies a window; the innermost loops of all that reads images. */
function cut(
  from: Uint8Array | Uint8ClampedArray,
  { top, left, height, width, channels, stride, flipX, flipY }: Window,
  levels: Float32Array,
  data: Float32Array,
  to: number,
): void {
  const line = width * channels;
  for (let y = 0, at = to; y < height; y++) {
    const start = ((top + (flipY ? height - 1 - y : y)) * stride + left) * channels;
    const end = start + line;
    if (!flipX) for (let i = start; i < end; i++) data[at++] = levels[from[i]!]!;
    else
      for (let pixel = end - channels; pixel >= start; pixel -= channels)
        for (let i = pixel; i < pixel + channels; i++) data[at++] = levels[from[i]!]!;
  }
}

/** {@link cut} for numbers that are finer than bytes: [H, W, C] as a window of the same. */
function windowOf(
  from: Float32Array,
  { top, left, height, width, channels, stride, flipX, flipY }: Window,
): Float32Array {
  return Float32Array.from({ length: height * width * channels }, (_, i) => {
    const [y, x, c] = [
      Math.floor(i / channels / width),
      Math.floor(i / channels) % width,
      i % channels,
    ] as const;
    const row = top + (flipY ? height - 1 - y : y);
    return from[(row * stride + left + (flipX ? width - 1 - x : x)) * channels + c]!;
  });
}
