import type { Pixels } from "@ddpm/viz/images";
import type * as tf from "@tensorflow/tfjs-core";

/** Pictures as bytes, row by row, picture after picture: [count, height, width, channels]. */
export interface Pictures {
  readonly data: Uint8ClampedArray<ArrayBuffer>;
  readonly count: number;
  readonly height: number;
  readonly width: number;
  readonly channels: number;
}

/** Reads back images, [B, H, W, C], as bytes; `range` holds black and white, [−1, 1] when left out. */
export async function picturesOf(
  images: tf.Tensor,
  { min, max }: { readonly min: number; readonly max: number } = { min: -1, max: 1 },
): Promise<Pictures> {
  const [count, height, width, channels] = images.shape as [number, number, number, number];
  const values = await images.data<"float32">();
  const data = new Uint8ClampedArray(values.length);
  for (let i = 0; i < values.length; i++) data[i] = ((values[i]! - min) * 255) / (max - min);
  return { data, count, height, width, channels };
}

/** The pictures one by one. */
export function tilesOf({ data, count, width, height, channels }: Pictures): Pixels[] {
  const size = width * height * channels;
  return Array.from({ length: count }, (_, k) => ({
    width,
    height,
    channels,
    data: data.subarray(k * size, (k + 1) * size),
  }));
}
