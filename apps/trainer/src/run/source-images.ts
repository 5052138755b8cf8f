import { readdir, stat } from "node:fs/promises";
import { join } from "node:path";
import { fail, type Images } from "@ddpm/core";
import { embeddedSets } from "@ddpm/data";
import { decodePicture } from "../data/decode-picture.ts";
import { openImages } from "../data/open-images.ts";

/** Which images to open, and what they are to be. */
export interface SourceOptions {
  /** [H, W, C] that the network takes. */
  readonly shape: readonly [height: number, width: number, channels: number];
  readonly range: "symmetric" | "unit";
  /** As many as there are, at most this. */
  readonly count: number;
  /** Leave out so many before. */
  readonly skip?: number;
}

const PICTURE = /\.(png|jpe?g|webp|gif|avif)$/i;

/**
 * Images to work on: a picture, a folder of them, an embedded set, or files of any format that trains. Pictures are fitted
 * to the network's size; sets must have it.
 *
 * @returns [B, H, W, C] in the range of the training images
 * @throws DdpmError for what cannot be read, or is of another size
 */
export async function sourceImages(path: string, options: SourceOptions): Promise<Images> {
  const { shape, range } = options;
  const pixels = await pixelsAt(path, options);
  if (pixels.length === 0) fail("images", `${path} has no images from number ${options.skip ?? 0} on.`);
  const size = shape[0] * shape[1] * shape[2];
  const data = new Float32Array(pixels.length * size);
  for (const [i, bytes] of pixels.entries()) {
    data.set(
      Float32Array.from(bytes, (value) => (range === "unit" ? value / 255 : value / 127.5 - 1)),
      i * size,
    );
  }
  return { data, shape: [pixels.length, ...shape] };
}

type Bytes = Uint8Array | Uint8ClampedArray;

async function pixelsAt(path: string, options: SourceOptions): Promise<Bytes[]> {
  const { shape, count, skip = 0 } = options;
  const files = await pictureFiles(path);
  if (files.length > 0) {
    const [height, width, channels] = shape;
    const chosen = files.slice(skip, skip + count);
    const decoded = chosen.map((file) => decodePicture(file, channels, [height, width]));
    return (await Promise.all(decoded)).map(({ pixels }) => pixels);
  }
  const sized = takesSize(path) ? { size: shape[0] } : {};
  const set = await openImages({ ...sized, source: path, range: options.range }, () => {});
  try {
    if (set.shape.some((length, axis) => length !== shape[axis])) {
      fail(
        "images",
        `${path} has images of ${set.shape.join("×")}, and the network takes ${shape.join("×")}.`,
      );
    }
    const shown = Math.max(0, Math.min(count, set.length - skip));
    return await Promise.all(
      Array.from({ length: shown }, async (_, i) => (await set.image(skip + i)).pixels),
    );
  } finally {
    await set.workers?.close();
    await set.close?.();
  }
}

/** Whether an embedded set is drawn in the size asked for. */
function takesSize(name: string): boolean {
  return embeddedSets.names.includes(name) && "size" in embeddedSets.get(name).schema.shape;
}

/** The pictures that a path is or holds, in order of their names; none where it is something else. */
export async function pictureFiles(path: string): Promise<string[]> {
  if (embeddedSets.names.includes(path)) return [];
  const stats = await stat(path).catch((cause: Error) =>
    fail("images", `cannot read ${path}: ${cause.message}.`, undefined, { cause }),
  );
  if (!stats.isDirectory()) return PICTURE.test(path) ? [path] : [];
  const names = await readdir(path);
  return names
    .filter((name) => PICTURE.test(name))
    .sort()
    .map((name) => join(path, name));
}

/** Images `first … first + count − 1` of some. */
export function slice({ data, shape }: Images, first: number, count: number): Images {
  const [, ...image] = shape;
  const size = image.reduce((product, length) => product * length, 1);
  return { data: data.slice(first * size, (first + count) * size), shape: [count, ...image] };
}
