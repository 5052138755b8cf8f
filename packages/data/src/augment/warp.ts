import { type Affine, product, scaling, translation } from "./matrix.ts";
import { SYM6 } from "./sym6.ts";

const TAPS = SYM6.length;
/** Pixels that the filter reaches beyond the edge. */
const REACH = TAPS / 4;

interface Plane {
  readonly height: number;
  readonly width: number;
  readonly data: Float64Array;
}

/**
 * An image seen through an affine map: padded by reflection as far as the map reaches (at most the image's own size
 * less one), doubled with the sym6 wavelet, sampled bilinearly, halved with the same wavelet.
 *
 * Source: Karras et al. 2020, "Training GANs with limited data", appendix B; Karras et al. 2022, appendix F.2.
 *
 * @param image   [H, W, C]
 * @param inverse see `Augmentation.inverse`
 * @returns [H, W, C]
 */
export function warped(
  image: Float32Array,
  [height, width, channels]: readonly [number, number, number],
  inverse: Affine,
): Float32Array {
  const margin = margins(height, width, inverse);
  const [top, bottom, left, right] = margin;
  const doubled = { height: 2 * (height + top + bottom), width: 2 * (width + left + right) };
  const wide = { height: 2 * (height + 2 * REACH), width: 2 * (width + 2 * REACH) };
  const [a, b, c, d, e, f] = product(
    translation(doubled.width / 2 - 0.5, doubled.height / 2 - 0.5),
    translation(-0.5, -0.5),
    scaling(2, 2),
    translation((left - right) / 2, (top - bottom) / 2),
    inverse,
    scaling(0.5, 0.5),
    translation(0.5, 0.5),
    translation(0.5 - wide.width / 2, 0.5 - wide.height / 2),
  );
  const result = new Float32Array(height * width * channels);
  const seen = new Float64Array(wide.height * wide.width);
  for (let channel = 0; channel < channels; channel++) {
    const { data } = doubledPlane(reflected(image, height, width, channels, channel, margin));
    for (let y = 0, to = 0; y < wide.height; y++)
      for (let x = 0; x < wide.width; x++)
        seen[to++] = bilinear(data, doubled, a * x + b * y + c, d * x + e * y + f);
    halved(seen, wide.width, height, width).forEach((value, i) => {
      result[i * channels + channel] = value;
    });
  }
  return result;
}

/** How far the map looks beyond each edge: top, bottom, left, right. */
function margins(
  height: number,
  width: number,
  [a, b, c, d, e, f]: Affine,
): readonly [number, number, number, number] {
  const [x, y] = [(width - 1) / 2, (height - 1) / 2];
  const corners = [
    [-x, -y],
    [x, -y],
    [x, y],
    [-x, y],
  ] as const;
  const xs = corners.map(([u, v]) => a * u + b * v + c);
  const ys = corners.map(([u, v]) => d * u + e * v + f);
  const beyond = (most: number, centre: number): number =>
    Math.ceil(Math.min(2 * centre, Math.max(0, most + 2 * REACH - centre)));
  return [
    beyond(-Math.min(...ys), y),
    beyond(Math.max(...ys), y),
    beyond(-Math.min(...xs), x),
    beyond(Math.max(...xs), x),
  ];
}

function reflected(
  image: Float32Array,
  height: number,
  width: number,
  channels: number,
  channel: number,
  [top, bottom, left, right]: readonly [number, number, number, number],
): Plane {
  const plane = { height: height + top + bottom, width: width + left + right };
  const data = new Float64Array(plane.height * plane.width);
  const inside = (at: number, size: number): number => (at < 0 ? -at : at >= size ? 2 * size - 2 - at : at);
  for (let y = 0, to = 0; y < plane.height; y++) {
    const row = inside(y - top, height) * width;
    for (let x = 0; x < plane.width; x++)
      data[to++] = image[(row + inside(x - left, width)) * channels + channel]!;
  }
  return { ...plane, data };
}

/** Twice the rows and columns: zeros between, then the filter backwards. */
function doubledPlane({ height, width, data }: Plane): Plane {
  const across = new Float64Array(height * 2 * width);
  for (let y = 0, to = 0; y < height; y++)
    for (let x = 0; x < 2 * width; x++, to++) across[to] = doubledAt(data, y * width, 1, width, x);
  const both = new Float64Array(2 * height * 2 * width);
  for (let y = 0, to = 0; y < 2 * height; y++)
    for (let x = 0; x < 2 * width; x++, to++) both[to] = doubledAt(across, x, 2 * width, height, y);
  return { height: 2 * height, width: 2 * width, data: both };
}

function doubledAt(data: Float64Array, start: number, step: number, length: number, at: number): number {
  let sum = 0;
  for (let k = at % 2; k < TAPS; k += 2) {
    const from = (at + k - TAPS / 2) / 2;
    if (from >= 0 && from < length) sum += SYM6[TAPS - 1 - k]! * data[start + from * step]!;
  }
  return sum;
}

/** Zero outside. */
function bilinear(
  data: Float64Array,
  { height, width }: { height: number; width: number },
  x: number,
  y: number,
): number {
  const [x0, y0] = [Math.floor(x), Math.floor(y)];
  if (x0 < -1 || y0 < -1 || x0 >= width || y0 >= height) return 0;
  const [fx, fy] = [x - x0, y - y0];
  const at = y0 * width + x0;
  const [left, right, upper, lower] = [x0 >= 0, x0 + 1 < width, y0 >= 0, y0 + 1 < height];
  const above = upper ? (left ? data[at]! * (1 - fx) : 0) + (right ? data[at + 1]! * fx : 0) : 0;
  const below = lower
    ? (left ? data[at + width]! * (1 - fx) : 0) + (right ? data[at + width + 1]! * fx : 0)
    : 0;
  return above * (1 - fy) + below * fy;
}

/** Every other sample after the filter, without the reach at the edges. */
function halved(seen: Float64Array, stride: number, height: number, width: number): Float64Array {
  const rows = 2 * (height + 2 * REACH);
  const across = new Float64Array(rows * width);
  for (let y = 0, to = 0; y < rows; y++)
    for (let x = 0; x < width; x++, to++) across[to] = halvedAt(seen, y * stride, 1, x);
  const both = new Float64Array(height * width);
  for (let y = 0, to = 0; y < height; y++)
    for (let x = 0; x < width; x++, to++) both[to] = halvedAt(across, x, width, y);
  return both;
}

function halvedAt(data: Float64Array, start: number, step: number, at: number): number {
  const first = 2 * (at + REACH) - TAPS / 2 + 1;
  let sum = 0;
  for (let k = 0; k < TAPS; k++) sum += SYM6[k]! * data[start + (first + k) * step]!;
  return sum;
}
