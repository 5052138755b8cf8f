import { type DatasetImage, fail, type Images, isDdpmError } from "@ddpm/core";
import { type ImageShape, sizeOf, valueOfPixel } from "@ddpm/core/authoring";
import type { RunConfig } from "@ddpm/runs";
import {
  openPrepared,
  type PreparedImages,
  type PreparedPicture,
  transformPicture,
  uprightSize,
} from "@ddpm/runs/node/authoring";
import type { MaskedPicture } from "./paint-mask.ts";

/** Which images to open, and what they are to be. */
export interface SourceOptions {
  /** The run's settings of data, and [H, W, C] that its network takes. */
  readonly data: RunConfig["data"];
  readonly shape: ImageShape;
  /** At most this many. */
  readonly count: number;
  /** Leave out so many before. */
  readonly skip?: number;
  /** Sizes [H, W] besides the run's that are taken as they are: of images that a condition takes. */
  readonly sizes?: readonly (readonly [height: number, width: number])[];
  /** Receives what people should know. */
  readonly say?: (text: string) => void;
}

/** Images of someone's, prepared as a run's own. */
export interface SourceImages {
  /** [B, H, W, C] in the range of the training images; of several sizes where `sizes` allows them. */
  readonly images: readonly Images[];
  /** What each is called, and its size before. */
  readonly pictures: readonly MaskedPicture[];
}

const ADVICE = "Give a picture, a folder of pictures, a data set, or the name of an embedded set.";

/**
 * Images to work on, prepared as training with this run would prepare them: see `openPrepared`.
 *
 * @throws DdpmError for what cannot be read, or has another shape than the run's
 */
export async function readSource(path: string, options: SourceOptions): Promise<SourceImages> {
  const { data, shape, count, skip = 0, sizes = [], say = () => {} } = options;
  // A few images are decoded sooner here than in threads, which have to start.
  const here = { ...data, workers: 0 };
  const set = await openPrepared(path, { data: here, shape, sizes, advice: ADVICE, say });
  try {
    const read = Math.max(0, Math.min(count, set.length - skip));
    if (read === 0)
      fail(
        "cli/source-images",
        `${path} has ${set.length} images, none from number ${skip} on.`,
        "Lower --skip.",
      );
    const numbers = Array.from({ length: read }, (_, i) => skip + i);
    const all = await Promise.all(numbers.map((index) => readOne(set, index, options)));
    return { images: all.map(({ image }) => image), pictures: all.map(({ picture }) => picture) };
  } finally {
    await set.workers?.close();
    await set.close?.();
  }
}

/**
 * The same as one batch, [B, H, W, C].
 *
 * @throws DdpmError as {@link readSource}
 */
export async function sourceImages(
  path: string,
  options: Omit<SourceOptions, "sizes">,
): Promise<{ readonly images: Images; readonly pictures: readonly MaskedPicture[] }> {
  const { images, pictures } = await readSource(path, options);
  const size = images[0]!.data.length;
  const data = new Float32Array(images.length * size);
  for (const [i, one] of images.entries()) data.set(one.data, i * size);
  return { images: { data, shape: [images.length, ...options.shape] }, pictures };
}

async function readOne(
  set: PreparedImages,
  index: number,
  options: SourceOptions,
): Promise<{ readonly image: Images; readonly picture: MaskedPicture }> {
  const name = set.encoded?.names[index] ?? `image ${index} of ${set.name}`;
  try {
    const size = await sidesOf(set, index, name);
    const asStored = options.sizes?.some((one) => one.join() === size.join()) && set.encoded;
    const image = asStored
      ? await unscaled(await asStored.bytes(index), name, options)
      : scaled(await set.image(index), [set.shape[0], set.shape[1], set.shape[2]], options);
    return { image, picture: { name, size } };
  } catch (error) {
    if (!isDdpmError(error)) throw error;
    const why = error.cause instanceof Error ? error.cause.message.split("\n")[0] : error.message;
    return fail(
      "cli/source-images",
      `${name} does not decode (${why}).`,
      "Remove it, or leave it out with --skip and --count.",
      { cause: error },
    );
  }
}

/** Rows and columns before an image was brought to the run's size. */
async function sidesOf(set: PreparedImages, index: number, name: string): Promise<MaskedPicture["size"]> {
  if (!set.encoded) return [set.shape[0], set.shape[1]];
  return uprightSize(await set.encoded.bytes(index), name);
}

async function unscaled(bytes: Uint8Array, name: string, options: SourceOptions): Promise<Images> {
  const { pixels, shape } = await transformPicture(bytes, name, options, { size: undefined });
  return scaled({ pixels }, shape, options);
}

/** One image, [1, H, W, C], in the range of the run: bytes, or values of [−1, 1] where a set has those. */
function scaled(
  { pixels, values }: DatasetImage,
  shape: PreparedPicture["shape"],
  { data: { range } }: SourceOptions,
): Images {
  const unit = range === "unit";
  const data = values
    ? values.map((value) => (unit ? (value + 1) / 2 : value))
    : Float32Array.from(pixels, (value) => (unit ? value / 255 : valueOfPixel(value)));
  return { data, shape: [1, ...shape] };
}

/** Images `first … first + count − 1` of some. */
export function slice({ data, shape }: Images, first: number, count: number): Images {
  const [, ...image] = shape;
  const size = sizeOf(image);
  return { data: data.slice(first * size, (first + count) * size), shape: [count, ...image] };
}
