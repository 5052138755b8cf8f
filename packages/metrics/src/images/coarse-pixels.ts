import type { Dataset, Images } from "@ddpm/core";
import { type Features, toFeatures } from "../features/features.ts";
import { batchesOf } from "./batches.ts";
import { quantise } from "./quantise.ts";

/** Values per image, at most: 28 × 28 grey, 18 × 18 in colour. */
const MOST = 1024;

/** The pixels as features, averaged over squares where the images are large: [N, at most 1024]. */
export function coarsePixels({ data, shape }: Images): Features {
  const [count, height, width, channels] = shape;
  const side = Math.ceil(Math.sqrt((height * width * channels) / MOST));
  const [rows, columns] = [Math.ceil(height / side), Math.ceil(width / side)];
  const size = height * width * channels;
  const coarse = new Float32Array(count * rows * columns * channels);
  const pixels = quantise(data);
  let at = 0;
  for (let image = 0; image < count; image++)
    for (let row = 0; row < rows; row++)
      for (let column = 0; column < columns; column++)
        for (let channel = 0; channel < channels; channel++) coarse[at++] = mean(image, row, column, channel);
  return toFeatures(coarse, rows * columns * channels, `pixels/${height}x${width}x${channels}/${side}`);

  function mean(image: number, row: number, column: number, channel: number): number {
    const [bottom, right] = [Math.min(height, (row + 1) * side), Math.min(width, (column + 1) * side)];
    let sum = 0;
    for (let y = row * side; y < bottom; y++)
      for (let x = column * side; x < right; x++)
        sum += pixels[image * size + (y * width + x) * channels + channel]!;
    return sum / ((bottom - row * side) * (right - column * side));
  }
}

/** {@link coarsePixels} of all images of a data set. */
export async function coarsePixelsOf(dataset: Dataset): Promise<Features> {
  let all: Features | undefined;
  let at = 0;
  for await (const images of batchesOf(dataset, { batch: 256 })) {
    const some = coarsePixels(images);
    all ??= { ...some, data: new Float32Array(dataset.length * some.dimension), count: dataset.length };
    (all.data as Float32Array).set(some.data as Float32Array, at);
    at += some.data.length;
  }
  return all!;
}
