import { type Dataset, type DatasetImage, fail } from "@ddpm/core";
import { fingerprint } from "./fingerprint.ts";

/**
 * The same set at another size, stretched to fit. Triangle filter, widened when shrinking so that nothing aliases,
 * first along rows, then along columns, each rounded to bytes: bit for bit Pillow's `BILINEAR`, and so
 * torchvision's `Resize` of PIL images.
 *
 * @param height of the result, in pixels, from 1
 * @param width  of the result, in pixels, from 1
 * @throws DdpmError for a size that is not a whole number from 1; from `image` for a set of values finer than bytes
 */
export function resized(dataset: Dataset, height: number, width: number): Dataset {
  for (const size of [height, width]) {
    if (!(Number.isSafeInteger(size) && size > 0)) {
      fail("data/resized", `size ${size}, expected a whole number of pixels from 1.`);
    }
  }
  const [fromHeight, fromWidth, channels] = dataset.shape;
  if (fromHeight === height && fromWidth === width) return dataset;
  const across = taps(fromWidth, width);
  const down = taps(fromHeight, height);
  const resize = ({ pixels, values, ...rest }: DatasetImage): DatasetImage => {
    if (values) fail("data/resized", `${dataset.name} holds numbers that are no pixels, expected pictures.`);
    const wide = filter(pixels, across, { lines: fromHeight, line: fromWidth * channels, step: channels });
    const turned = { lines: 1, line: 0, step: width * channels };
    return { pixels: filter(wide, down, turned), ...rest };
  };
  return {
    ...dataset,
    shape: [height, width, channels],
    fingerprint: fingerprint("resized", dataset.fingerprint, height, width),
    image(index) {
      const image = dataset.image(index);
      return image instanceof Promise ? image.then(resize) : resize(image);
    },
  };
}

/** For each output position: where its inputs begin, and their weights as 22-bit fixed-point numbers. */
type Taps = readonly { readonly first: number; readonly weights: readonly number[] }[];

const ONE = 2 ** 22;

/** Source: Pillow, src/libImaging/Resample.c, `precompute_coeffs`. */
function taps(from: number, to: number): Taps {
  const scale = from / to;
  const reach = Math.max(1, scale);
  return Array.from({ length: to }, (_, i) => {
    const centre = (i + 0.5) * scale;
    const first = Math.max(0, Math.trunc(centre - reach + 0.5));
    const last = Math.min(from, Math.trunc(centre + reach + 0.5));
    const raw = Array.from({ length: last - first }, (_, j) =>
      Math.max(0, 1 - Math.abs((first + j - centre + 0.5) / reach)),
    );
    const total = raw.reduce((sum, weight) => sum + weight, 0);
    return { first, weights: raw.map((weight) => Math.trunc((weight / total) * ONE + 0.5)) };
  });
}

/** Filters `lines` lines of `line` values; neighbours along the filtered axis are `step` apart. */
function filter(
  source: ArrayLike<number>,
  positions: Taps,
  { lines, line, step }: { lines: number; line: number; step: number },
): Uint8Array {
  const result = new Uint8Array(lines * positions.length * step);
  let to = 0;
  for (let y = 0; y < lines; y++)
    for (const { first, weights } of positions)
      for (let c = 0; c < step; c++) {
        let sum = ONE / 2;
        for (let j = 0; j < weights.length; j++) {
          sum += weights[j]! * source[y * line + (first + j) * step + c]!;
        }
        result[to++] = Math.min(255, Math.floor(sum / ONE));
      }
  return result;
}
