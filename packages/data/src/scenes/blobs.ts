/** Pixels that stand out from the ground and touch each other. */
export interface Blob {
  /** Red, green, blue in 0 … 255, of the pixels that stand out most. */
  readonly colour: readonly [number, number, number];
  /** The rectangle around it, with room for its soft edge. */
  readonly box: Box;
  /** Share of the colour in each pixel of the box, row by row, from 0 to 1. */
  readonly cover: Float64Array;
}

/** Columns and rows from the first to before the last. */
export interface Box {
  readonly left: number;
  readonly right: number;
  readonly top: number;
  readonly bottom: number;
}

/** Distance from the ground's colour from which a pixel belongs to a thing, of 0 … 441. */
const STANDS_OUT = 45;
/** Blobs of fewer pixels than this share of the image are specks. */
const SPECK = 0.006;

type Pixels = Uint8Array | Uint8ClampedArray;

/** The things of an image on a plain ground, [size, size, 3], specks left out. */
export function blobsOf(pixels: Pixels, size: number): readonly Blob[] {
  const ground = groundOf(pixels, size);
  const away = Float64Array.from({ length: size * size }, (_, i) =>
    Math.hypot(...[0, 1, 2].map((c) => pixels[3 * i + c]! - ground[c]!)),
  );
  const left = new Set([...away.keys()].filter((i) => away[i]! > STANDS_OUT));
  const blobs: Blob[] = [];
  for (const start of left) {
    const members = touching(start, left, size);
    if (members.length < SPECK * size * size) continue;
    blobs.push(blobOf(members, pixels, ground, away, size));
  }
  return blobs;
}

/** The median of the image's border, per channel. */
function groundOf(pixels: Pixels, size: number): readonly number[] {
  const border = Array.from({ length: size }, (_, k) => [
    k,
    (size - 1) * size + k,
    k * size,
    k * size + size - 1,
  ]);
  return [0, 1, 2].map((c) => {
    const values = border.flat().map((i) => pixels[3 * i + c]!);
    return values.sort((a, b) => a - b)[values.length >> 1]!;
  });
}

/** Takes all pixels out of `left` that are joined to `start` by a side. */
function touching(start: number, left: Set<number>, size: number): readonly number[] {
  const members = [start];
  left.delete(start);
  for (const i of members) {
    const x = i % size;
    const neighbours = [i - size, i + size, ...(x > 0 ? [i - 1] : []), ...(x < size - 1 ? [i + 1] : [])];
    for (const other of neighbours) if (left.delete(other)) members.push(other);
  }
  return members;
}

function blobOf(
  members: readonly number[],
  pixels: Pixels,
  ground: readonly number[],
  away: Float64Array,
  size: number,
): Blob {
  const far = [...members].sort((a, b) => away[b]! - away[a]!).slice(0, Math.ceil(members.length / 3));
  const mean = (c: number): number => far.reduce((sum, i) => sum + pixels[3 * i + c]!, 0) / far.length;
  const colour = [mean(0), mean(1), mean(2)] as const;
  const direction = colour.map((value, c) => value - ground[c]!);
  const length = direction.reduce((sum, value) => sum + value * value, 0);
  const box = boxOf(members, size);
  const own = widened(members, size);
  const cover = Float64Array.from(pixelsIn(box, size), (i) => {
    if (!own.has(i)) return 0;
    const along = direction.reduce((sum, value, c) => sum + value * (pixels[3 * i + c]! - ground[c]!), 0);
    return Math.max(0, Math.min(1, along / length));
  });
  return { colour, box, cover };
}

/** The numbers of a box's pixels in an image, row by row. */
export function pixelsIn({ left, right, top, bottom }: Box, size: number): readonly number[] {
  const width = right - left;
  return Array.from(
    { length: width * (bottom - top) },
    (_, k) => (top + Math.floor(k / width)) * size + left + (k % width),
  );
}

/** Pixels around a blob that belong to its box. */
const MARGIN = 2;

function boxOf(members: readonly number[], size: number): Box {
  const [columns, rows] = [members.map((i) => i % size), members.map((i) => Math.floor(i / size))];
  return {
    left: Math.max(0, Math.min(...columns) - MARGIN),
    right: Math.min(size, Math.max(...columns) + 1 + MARGIN),
    top: Math.max(0, Math.min(...rows) - MARGIN),
    bottom: Math.min(size, Math.max(...rows) + 1 + MARGIN),
  };
}

/** The pixels and those next to them, where a soft edge ends. */
function widened(members: readonly number[], size: number): ReadonlySet<number> {
  const wide = new Set(members);
  for (const i of members)
    for (const dy of [-1, 0, 1])
      for (const dx of [-1, 0, 1]) {
        const [x, y] = [(i % size) + dx, Math.floor(i / size) + dy];
        if (x >= 0 && x < size && y >= 0 && y < size) wide.add(y * size + x);
      }
  return wide;
}
