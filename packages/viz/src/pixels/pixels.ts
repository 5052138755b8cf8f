import type { ErrorPlace } from "@ddpm/core/authoring";
import { refuse } from "../refuse.ts";

/**
 * A batch of pictures as plain data, row by row, channels last.
 *
 * Float data is in [-1, 1] (what a diffusion model sees); bytes are in 0..255 and are taken as they are.
 * C = 1 is grey, 3 is RGB, 4 is RGB and opacity.
 */
export interface ImageBatch {
  /** B · H · W · C values. */
  readonly data: Float32Array | Uint8Array | Uint8ClampedArray;
  /** [B, H, W, C] */
  readonly shape: readonly [batch: number, height: number, width: number, channels: number];
}

/** A tensor of TensorFlow.js, float32 in [-1, 1], as far as it is needed here; it is read at once and stays the caller's. */
export interface ImageTensor {
  /** [B, H, W, C], or [H, W, C] where one picture is meant. */
  readonly shape: readonly number[];
  dataSync(): ImageBatch["data"] | Int32Array;
}

/** One picture in bytes, 0..255, row by row, channels last: [height, width, channels]. */
export interface Pixels {
  readonly width: number;
  readonly height: number;
  /** 1 (grey), 3 (RGB) or 4 (RGB and opacity). */
  readonly channels: number;
  readonly data: Uint8ClampedArray;
}

/** Pictures wherever several are shown together: a tensor or plain data of a batch, or a list of single ones. */
export type Pictures = ImageTensor | ImageBatch | readonly Pixels[];

/**
 * Refuses a picture whose sizes and data disagree.
 *
 * @param where the function that was called, named in the error
 */
export function checkPixels(where: ErrorPlace, pixels: Pixels): void {
  checkSizes(where, [1, pixels.height, pixels.width, pixels.channels], pixels.data.length);
}

/**
 * Refuses a batch whose shape and data disagree.
 *
 * @param where the function that was called, named in the error
 */
export function checkBatch(where: ErrorPlace, images: ImageBatch): void {
  if (images.shape.length !== 4)
    refuse(where, `shape [${images.shape.join(", ")}]`, "Give [batch, height, width, channels].");
  checkSizes(where, images.shape, images.data.length);
}

function checkSizes(where: ErrorPlace, shape: ImageBatch["shape"], length: number): void {
  const [batch, height, width, channels] = shape;
  for (const size of [batch, height, width])
    if (!Number.isInteger(size) || size < 1)
      refuse(where, `shape [${shape.join(", ")}]`, "Batch, height and width are whole numbers from 1 up.");
  checkChannels(where, channels);
  const expected = batch * height * width * channels;
  if (length !== expected)
    refuse(where, `${length} values for shape [${shape.join(", ")}]`, `Give ${expected} values.`);
}

/**
 * Refuses channels that no picture has, so that a caller can check before it draws.
 *
 * @param where the function that was called, named in the error
 */
export function checkChannels(where: ErrorPlace, channels: number): void {
  if ([1, 3, 4].includes(channels)) return;
  refuse(
    where,
    `${channels} channels`,
    "Channels come last and are 1 (grey), 3 (RGB) or 4 (RGBA); transpose [C, H, W] data to [H, W, C] first.",
  );
}
