import type { ErrorPlace } from "@ddpm/core/authoring";
import { refuse } from "../refuse.ts";
import {
  checkBatch,
  checkPixels,
  type ImageBatch,
  type ImageTensor,
  type Pictures,
  type Pixels,
} from "./pixels.ts";

/** Options of {@link toPixels}. */
export interface ToPixelsOptions {
  /**
   * `"none"` (default): -1 is black, 1 is white, values outside are clamped.
   * `"min-max"`: the smallest value of the whole batch is black and the largest white, as torchvision's
   * `make_grid(normalize=True)` does; for values with no fixed range.
   * `"symmetric"`: zero is mid-grey, the largest magnitude of the whole batch black or white; for noise.
   */
  readonly normalize?: Normalize;
}

type Normalize = "none" | "min-max" | "symmetric";

/** torchvision divides by at least this, so that a constant batch comes out black instead of NaN. */
const SMALLEST_RANGE = 1e-5;

/**
 * Images as bytes: floats of [-1, 1] become round((x + 1) · 127.5), clamped to 0..255; bytes pass through.
 *
 * @param given [B, H, W, C], or a tensor [H, W, C] of one picture; the order of rows, columns and channels is kept
 * @returns B pictures of [H, W, C], with data of their own
 * @throws if shape and data disagree, or if a value is NaN or infinite (a diverged model, not a dark picture)
 */
export function toPixels(given: ImageTensor | ImageBatch, options: ToPixelsOptions = {}): Pixels[] {
  const { normalize = "none" } = options;
  const images = "dataSync" in given ? batchOf(given) : given;
  checkBatch("viz/to-pixels", images);
  const [batch, height, width, channels] = images.shape;
  const bytes =
    images.data instanceof Float32Array
      ? fromFloats(images.data, normalize)
      : fromBytes(images.data, normalize);
  const size = height * width * channels;
  return Array.from({ length: batch }, (_, b) => ({
    width,
    height,
    channels,
    data: bytes.slice(b * size, (b + 1) * size),
  }));
}

/** A tensor's numbers as a batch, of one picture where it has three axes. */
function batchOf(tensor: ImageTensor): ImageBatch {
  const data = tensor.dataSync();
  if (data instanceof Int32Array)
    refuse("viz/to-pixels", "a tensor of dtype int32", "Give float32 in [-1, 1].");
  const shape = tensor.shape.length === 3 ? [1, ...tensor.shape] : [...tensor.shape];
  return { data, shape: shape as unknown as ImageBatch["shape"] };
}

/**
 * Any pictures as a list of single ones.
 *
 * @param where the function that was called, named in the error
 * @throws if there is none, or if sizes and data disagree
 */
export function listPixels(
  where: ErrorPlace,
  pictures: Pictures,
  options: ToPixelsOptions = {},
): readonly Pixels[] {
  if ("shape" in pictures) return toPixels(pictures, options);
  if (pictures.length === 0) refuse(where, "no pictures", "Give at least one.");
  if (options.normalize && options.normalize !== "none")
    refuse(
      where,
      `normalize "${options.normalize}" for pictures that are bytes already`,
      "Give the float images instead.",
    );
  for (const pixels of pictures) checkPixels(where, pixels);
  return pictures;
}

function fromBytes(data: Uint8Array | Uint8ClampedArray, normalize: Normalize): Uint8ClampedArray {
  if (normalize !== "none")
    refuse("viz/to-pixels", `normalize "${normalize}" for bytes`, "Give the images as a Float32Array.");
  return new Uint8ClampedArray(data);
}

function fromFloats(data: Float32Array, normalize: Normalize): Uint8ClampedArray {
  let low = Number.POSITIVE_INFINITY;
  let high = Number.NEGATIVE_INFINITY;
  for (let i = 0; i < data.length; i++) {
    const x = data[i]!;
    if (!Number.isFinite(x))
      refuse(
        "viz/to-pixels",
        `${x} at index ${i}`,
        "Images are finite numbers; look for where the model diverged.",
      );
    if (x < low) low = x;
    if (x > high) high = x;
  }
  const [from, range] = blackAndRange(normalize, low, high);
  const bytes = new Uint8ClampedArray(data.length);
  for (let i = 0; i < data.length; i++) bytes[i] = Math.round((255 * (data[i]! - from)) / range);
  return bytes;
}

/** The value that is black, and how far above it white is. */
function blackAndRange(normalize: Normalize, low: number, high: number): readonly [number, number] {
  if (normalize === "none") return [-1, 2];
  if (normalize === "min-max") return [low, Math.max(high - low, SMALLEST_RANGE)];
  const reach = Math.max(high, -low, SMALLEST_RANGE);
  return [-reach, 2 * reach];
}
