/** Filters for resizing, by the names that options give them. */
export type ResampleKernel = "nearest" | "linear" | "cubic" | "lanczos3";

/** A picture to resize. */
export interface Resampling {
  /** [height, width] of the picture. */
  readonly from: readonly [height: number, width: number];
  /** [height, width] of the result. */
  readonly to: readonly [height: number, width: number];
  readonly channels: number;
  readonly kernel: ResampleKernel;
  /** Rows and columns of the picture that the result shows, in pixels with fractions; all unless given. */
  readonly box?: Box | undefined;
}

/** A part of a picture, in pixels with fractions. */
export interface Box {
  readonly top: number;
  readonly left: number;
  readonly height: number;
  readonly width: number;
}

/**
 * Resizes bytes [height, width, channels] as Pillow does, bit for bit: pixels are areas, so that what is symmetric stays
 * so; filters are widened when shrinking, so that nothing aliases; first along rows, then along columns, each rounded
 * to bytes.
 *
 * Source: Pillow, src/libImaging/Resample.c: `BILINEAR`, `BICUBIC` (a = −0.5), `LANCZOS`; Geometry.c for `NEAREST`.
 */
export function resampled(pixels: ArrayLike<number>, options: Resampling): Uint8Array {
  const { from, to, channels, kernel } = options;
  const [height, width] = from;
  const { top, left, ...box } = options.box ?? { top: 0, left: 0, height, width };
  const across = taps(kernel, { size: width, start: left, length: box.width }, to[1]);
  const down = taps(kernel, { size: height, start: top, length: box.height }, to[0]);
  const first = Math.min(...down.map((tap) => tap.first));
  const last = Math.max(...down.map((tap) => tap.first + tap.weights.length));
  const wide = filter(pixels, across, {
    ...{ lines: last - first, line: width * channels, step: channels },
    offset: first * width * channels,
  });
  const moved = down.map((tap) => ({ ...tap, first: tap.first - first }));
  return filter(wide, moved, { lines: 1, line: 0, step: to[1] * channels, offset: 0 });
}

/** The largest part of a picture with the proportions of the result, in its middle. */
export function middleBox(
  [height, width]: readonly [number, number],
  [toHeight, toWidth]: readonly [number, number],
): Box {
  const scale = Math.min(height / toHeight, width / toWidth);
  const [h, w] = [toHeight * scale, toWidth * scale];
  return { top: (height - h) / 2, left: (width - w) / 2, height: h, width: w };
}

/** For each output position: where its inputs begin, and their weights as 22-bit fixed-point numbers. */
type Taps = readonly { readonly first: number; readonly weights: readonly number[] }[];

const ONE = 2 ** 22;

interface Filter {
  /** Where it reaches 0. */
  readonly reach: number;
  at(x: number): number;
}

const sinc = (x: number): number => (x === 0 ? 1 : Math.sin(Math.PI * x) / (Math.PI * x));

const FILTERS: Readonly<Record<Exclude<ResampleKernel, "nearest">, Filter>> = {
  linear: { reach: 1, at: (x) => Math.max(0, 1 - Math.abs(x)) },
  cubic: {
    reach: 2,
    at(x) {
      const [a, d] = [-0.5, Math.abs(x)];
      if (d < 1) return ((a + 2) * d - (a + 3)) * d * d + 1;
      return d < 2 ? (((d - 5) * d + 8) * d - 4) * a : 0;
    },
  },
  lanczos3: { reach: 3, at: (x) => (-3 <= x && x < 3 ? sinc(x) * sinc(x / 3) : 0) },
};

/** Source: Pillow, src/libImaging/Resample.c, `precompute_coeffs` and `normalize_coeffs_8bpc`. */
function taps(
  kernel: ResampleKernel,
  { size, start, length }: { size: number; start: number; length: number },
  to: number,
): Taps {
  const scale = length / to;
  if (kernel === "nearest") {
    const at = (i: number): number => Math.min(size - 1, Math.floor(start + (i + 0.5) * scale));
    return Array.from({ length: to }, (_, i) => ({ first: at(i), weights: [ONE] }));
  }
  const { reach, at } = FILTERS[kernel];
  const wide = Math.max(1, scale);
  return Array.from({ length: to }, (_, i) => {
    const centre = start + (i + 0.5) * scale;
    const first = Math.max(0, Math.trunc(centre - reach * wide + 0.5));
    const last = Math.min(size, Math.trunc(centre + reach * wide + 0.5));
    const raw = Array.from({ length: last - first }, (_, j) => at((first + j - centre + 0.5) / wide));
    const total = raw.reduce((sum, weight) => sum + weight, 0);
    return {
      first,
      weights: raw.map((weight) => Math.trunc((weight / total) * ONE + (weight < 0 ? -0.5 : 0.5))),
    };
  });
}

/** Filters `lines` lines of `line` values from `offset` on; neighbours along the filtered axis have the distance `step`. */
function filter(
  source: ArrayLike<number>,
  positions: Taps,
  { lines, line, step, offset }: { lines: number; line: number; step: number; offset: number },
): Uint8Array {
  const result = new Uint8Array(lines * positions.length * step);
  let to = 0;
  for (let y = 0; y < lines; y++)
    for (const { first, weights } of positions)
      for (let c = 0; c < step; c++) {
        let sum = ONE / 2;
        for (let j = 0; j < weights.length; j++) {
          sum += weights[j]! * source[offset + y * line + (first + j) * step + c]!;
        }
        result[to++] = Math.min(255, Math.max(0, Math.floor(sum / ONE)));
      }
  return result;
}
