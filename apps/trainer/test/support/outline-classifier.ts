import { shapes } from "@ddpm/data";

/** An image, values 0 … 255, [height, width, channels] row-major. */
export interface Picture {
  readonly data: ArrayLike<number>;
  readonly width: number;
  readonly height: number;
  readonly channels: number;
}

/** Tells the class of a shape by its outline alone. */
export type Classifier = (picture: Picture) => number;

/** Neighbours that vote. */
const NEIGHBOURS = 5;
/** Farthest that an outline is shifted to fit, in pixels. */
const SHIFT = 1;

/**
 * A classifier of the shapes set that shares nothing with the network: the nearest outlines among `count` shapes drawn
 * from a seed of their own, in any colour, vote. What it compares is how much each pixel differs from the
 * background, with the middle of the shape moved to the middle of the image; colours are gone by then.
 */
export function outlineClassifier(size: number, { count = 3000, seed = 99 } = {}): Classifier {
  const known = shapes({ size, count, seed, colours: "any" });
  const examples = Array.from({ length: count }, (_, i) => {
    const { pixels, label } = known.image(i) as { pixels: Uint8ClampedArray; label: number };
    return { label, outline: outlineOf({ data: pixels, width: size, height: size, channels: 3 }) };
  });
  return (picture) => {
    const shifts = [-SHIFT, 0, SHIFT].flatMap((dy) => [-SHIFT, 0, SHIFT].map((dx) => [dx, dy] as const));
    const seen = shifts.map(([dx, dy]) => outlineOf(picture, dx, dy));
    const nearest = examples
      .map(({ label, outline }) => ({
        label,
        distance: Math.min(...seen.map((one) => distanceOf(one, outline))),
      }))
      .sort((a, b) => a.distance - b.distance)
      .slice(0, NEIGHBOURS);
    const votes = new Map<number, number>();
    for (const { label, distance } of nearest) votes.set(label, (votes.get(label) ?? 0) + 1 / (1 + distance));
    return [...votes].sort((a, b) => b[1] - a[1])[0]![0];
  };
}

/** Share of the shape in every pixel, 0 … 1, its centre of mass in the middle of the image. */
function outlineOf({ data, width, height, channels }: Picture, dx = 0, dy = 0): Float32Array {
  const at = (x: number, y: number, c: number): number => data[(y * width + x) * channels + c]!;
  const edge: number[][] = [];
  for (let x = 0; x < width; x++) edge.push([x, 0], [x, height - 1]);
  const ground = [0, 1, 2].map((c) => median(edge.map(([x, y]) => at(x!, y!, c))));
  const far = new Float32Array(width * height);
  for (let y = 0; y < height; y++)
    for (let x = 0; x < width; x++) {
      far[y * width + x] = Math.hypot(...ground.map((value, c) => at(x, y, c) - value));
    }
  const full = [...far].sort((a, b) => b - a)[Math.floor(far.length / 20)]!;
  const cover = far.map((value) => Math.max(0, Math.min(1, (value / full - 0.2) / 0.6)));
  let [mass, mx, my] = [0, 0, 0];
  for (const [i, value] of cover.entries()) {
    mass += value;
    mx += value * (i % width);
    my += value * Math.floor(i / width);
  }
  const [sx, sy] = [Math.round(mx / mass - width / 2) + dx, Math.round(my / mass - height / 2) + dy];
  return far.map((_, i) => {
    const [x, y] = [(i % width) + sx, Math.floor(i / width) + sy];
    return x < 0 || y < 0 || x >= width || y >= height ? 0 : cover[y * width + x]!;
  });
}

function distanceOf(a: Float32Array, b: Float32Array): number {
  let sum = 0;
  for (let i = 0; i < a.length; i++) sum += (a[i]! - b[i]!) ** 2;
  return sum;
}

function median(values: readonly number[]): number {
  return [...values].sort((a, b) => a - b)[values.length >> 1]!;
}
