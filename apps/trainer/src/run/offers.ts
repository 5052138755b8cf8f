import { fail, type Images, random } from "@ddpm/core";
import { openDataset } from "@ddpm/data/node";
import type { ImageCondition, Offer } from "@ddpm/diffusion";
import { decodePicture } from "../data/decode-picture.ts";
import { pictureFiles } from "./source-images.ts";

/** What the condition of a run is made of, and for what results. */
export interface OfferOptions {
  readonly condition: ImageCondition;
  /** [H, W, C] of the results. */
  readonly shape: readonly [height: number, width: number, channels: number];
  readonly range: "symmetric" | "unit";
  readonly seed: number;
  /** Samples wanted: no more pictures are read. */
  readonly count: number;
  /** A picture, white where the network is to paint; left out, the condition draws a mask where it needs one. */
  readonly mask?: string | undefined;
}

/** The conditions of samples `first … first + count − 1`, [count, H, W, C']. */
export type Conditions = (first: number, count: number) => Images;

/**
 * Conditions from pictures: a file, a folder of them, or any set of images. Sample k goes by picture k mod their number.
 *
 * @throws DdpmError for files that cannot be read, and pictures of a size that the condition does not take
 */
export async function openConditions(path: string, options: OfferOptions): Promise<Conditions> {
  const { shape, range, count } = options;
  const mask = options.mask === undefined ? undefined : await maskFrom(options.mask, shape);
  const offers = (await picturesAt(path, shape[2], count)).map(
    ({ pixels, shape }): Offer => ({
      image: Float32Array.from(pixels, (value) => (range === "unit" ? value / 255 : value / 127.5 - 1)),
      shape,
      ...(mask ? { mask } : {}),
    }),
  );
  return conditionsOf(offers, options);
}

/** Conditions from images at hand, [B, H, W, C] in the range of the training images. */
export function conditionsFrom(images: Images, options: Omit<OfferOptions, "count" | "range">): Conditions {
  const [count, height, width, channels] = images.shape;
  const size = height * width * channels;
  const offers = Array.from({ length: count }, (_, i) => ({
    image: images.data.subarray(i * size, (i + 1) * size),
    shape: [height, width, channels] as const,
  }));
  return conditionsOf(offers, options);
}

function conditionsOf(
  offers: readonly Offer[],
  { condition, shape, seed }: Pick<OfferOptions, "condition" | "shape" | "seed">,
): Conditions {
  const [height, width, channels] = shape;
  const depth = condition.channels(channels);
  const stream = random(seed).fork("condition");
  const make = (k: number): Float32Array =>
    condition.make(offers[k % offers.length]!, [height, width], stream.fork(k % offers.length));
  make(0);
  return (first, count) => {
    const data = new Float32Array(count * height * width * depth);
    for (let i = 0; i < count; i++) data.set(make(first + i), i * height * width * depth);
    return { data, shape: [count, height, width, depth] };
  };
}

interface Picture {
  readonly pixels: Uint8Array | Uint8ClampedArray;
  readonly shape: readonly [height: number, width: number, channels: number];
}

/** The first `count` pictures of what a path is or holds. */
async function picturesAt(path: string, channels: number, count: number): Promise<Picture[]> {
  const files = await pictureFiles(path);
  if (files.length > 0) return Promise.all(files.slice(0, count).map((file) => decode(file, channels)));
  const set = await openDataset(path);
  try {
    if (set.shape[2] !== channels) {
      fail("sample", `${path} has images of ${set.shape[2]} channels, expected ${channels}.`);
    }
    return await Promise.all(
      Array.from({ length: Math.min(count, set.length) }, async (_, i) => ({
        pixels: (await set.image(i)).pixels,
        shape: set.shape,
      })),
    );
  } finally {
    await set.close?.();
  }
}

async function decode(path: string, channels: number): Promise<Picture> {
  const { pixels, height, width } = await decodePicture(path, channels);
  return { pixels, shape: [height, width, channels] };
}

/** 1 where a picture is brighter than grey. */
async function maskFrom(path: string, [height, width]: OfferOptions["shape"]): Promise<Float32Array> {
  const { pixels, shape } = await decode(path, 1);
  if (shape[0] !== height || shape[1] !== width) {
    fail("sample", `the mask is ${shape[0]} × ${shape[1]}, expected ${height} × ${width}.`);
  }
  return Float32Array.from(pixels, (value) => (value > 127 ? 1 : 0));
}
