import type { ImageShape } from "@ddpm/core/authoring";
/** Numbers of an image, [H, W, C], and its shape. */
export interface Raster {
  readonly data: Float32Array;
  readonly shape: ImageShape;
}

/**
 * Every block of factor × factor pixels becomes its mean.
 *
 * @param factor divides height and width
 * @returns [H / factor, W / factor, C]
 */
export function reduced({ data, shape }: Raster, factor: number): Raster {
  const [height, width, channels] = shape;
  const [h, w] = [height / factor, width / factor];
  const sums = new Float64Array(h * w * channels);
  for (let y = 0; y < height; y++)
    for (let x = 0; x < width; x++) {
      const to = (Math.floor(y / factor) * w + Math.floor(x / factor)) * channels;
      const from = (y * width + x) * channels;
      for (let c = 0; c < channels; c++) sums[to + c]! += data[from + c]!;
    }
  return { data: Float32Array.from(sums, (sum) => sum / factor ** 2), shape: [h, w, channels] };
}

/**
 * Bilinear enlargement with the corners of the two images, not their outermost pixels, on each other.
 *
 * Source: torch.nn.functional.interpolate, mode "bilinear", as in guided-diffusion's SuperResModel.
 *
 * @returns [H · factor, W · factor, C]
 */
export function enlarged({ data, shape }: Raster, factor: number): Raster {
  const [h, w, channels] = shape;
  const [height, width] = [h * factor, w * factor];
  const [rows, columns] = [neighbours(height, h, factor), neighbours(width, w, factor)];
  const result = new Float32Array(height * width * channels);
  let to = 0;
  for (const [top, bottom, dy] of rows)
    for (const [left, right, dx] of columns)
      for (let c = 0; c < channels; c++) {
        const at = (y: number, x: number): number => data[(y * w + x) * channels + c]!;
        const above = at(top, left) * (1 - dx) + at(top, right) * dx;
        const below = at(bottom, left) * (1 - dx) + at(bottom, right) * dx;
        result[to++] = above * (1 - dy) + below * dy;
      }
  return { data: result, shape: [height, width, channels] };
}

/** Between which two pixels each new one is, and how far from the first. */
function neighbours(
  count: number,
  from: number,
  factor: number,
): [first: number, next: number, share: number][] {
  return Array.from({ length: count }, (_, i) => {
    const place = Math.max(0, (i + 0.5) / factor - 0.5);
    const first = Math.floor(place);
    return [first, Math.min(first + 1, from - 1), place - first];
  });
}
