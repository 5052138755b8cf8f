import { stat } from "node:fs/promises";
import { type Dataset, type DatasetImage, fail } from "@ddpm/core";
import { fingerprint } from "@ddpm/core/authoring";
import { processors } from "@ddpm/core/node";
import { limiter } from "../../bytes/limiter.ts";
import { cached } from "../../datasets/cached.ts";
import { classSubset } from "../../labels/class-subset.ts";
import type { DecodedPicture } from "../../pictures/decoded-picture.ts";
import { describedImage, describedSet } from "../../pictures/described.ts";
import type { PictureSource } from "../../pictures/picture-source.ts";
import type { OpenedDataset, OpenTools } from "../format.ts";
import { pictureCodec } from "./codec.ts";
import type { DecodeOptions } from "./decode.ts";
import { pictureDecoder } from "./picture-decoder.ts";
import { type CachedPixels, pixelCache } from "./pixel-cache.ts";
import { isUndecodable, withoutBad } from "./without-bad.ts";

/** Version of the pixels that pictures decode to, for caches. */
const PIXELS = 2;

/** Checked options of {@link openPictures}: those of every format that decodes pictures. */
export interface CheckedPictureOptions extends Omit<DecodeOptions, "size"> {
  readonly size?: number | readonly [number, number] | undefined;
  readonly skipBad: boolean;
  readonly flippable: boolean;
  readonly cache: number | string;
  readonly concurrency?: number | undefined;
  readonly classes?: readonly (string | number)[] | undefined;
  readonly relabel: boolean;
}

/**
 * A set of encoded pictures, decoded when they are read; the first one now where no size is given, all where bad ones
 * are to be left out.
 *
 * @throws DdpmError naming the picture that does not decode or has another size
 */
export async function openPictures(
  source: PictureSource,
  options: CheckedPictureOptions,
  { workers }: OpenTools = {},
): Promise<OpenedDataset> {
  const { names } = source;
  const { fit, kernel, channels, background, skipBad, flippable, classes, relabel } = options;
  const size = typeof options.size === "number" ? ([options.size, options.size] as const) : options.size;
  const look: DecodeOptions = { fit, kernel, channels, background, size };
  const limited = limiter(options.concurrency ?? (workers ? 32 * workers.count : 4 * processors().count));
  const here = pictureDecoder(look, limited);
  const decode = (index: number): Promise<DecodedPicture> => {
    const file = source.file(index);
    if (!workers) return here(file, () => source.bytes(index));
    return limited(async () =>
      workers.decode(file, source.alone ? undefined : await source.bytes(index), look),
    );
  };

  const model = size ? { height: size[0], width: size[1] } : await firstSize(names.length, decode, skipBad);
  const pixelsOf = async (index: number): Promise<Uint8Array> => {
    const { pixels, height, width } = await decode(index);
    if (height === model.height && width === model.width) return pixels;
    return fail(
      "data/images",
      `${source.file(index)} has ${height} rows of ${width} pixels, expected ${model.height} of ${model.width} as the first.`,
      "Set size to bring all to one.",
    );
  };
  const stored =
    typeof options.cache === "string" ? await pixelCache(await cacheOf(options.cache)) : undefined;
  const all: Dataset = {
    name: source.name,
    length: names.length,
    shape: [model.height, model.width, channels],
    ...describedSet(source),
    flippable,
    fingerprint: fingerprintOf(source, look),
    async image(index): Promise<DatasetImage> {
      if (names[index] === undefined)
        fail("data/images", `image ${index}, expected 0 to ${names.length - 1}.`);
      const pixels = await (stored ? stored.get(index, () => pixelsOf(index)) : pixelsOf(index));
      return describedImage(source, index, pixels);
    },
  };
  const kept = typeof options.cache === "number" ? cached(all, options.cache * 2 ** 20) : all;
  try {
    if (stored && source.ordered) await readInOrder(kept, skipBad);
    const good = skipBad ? await withoutBad(kept, names) : kept;
    const some = classes !== undefined || good.length < names.length;
    return {
      ...classSubset(good, { classes, relabel }),
      path: source.path,
      decodes: true,
      ...(some ? {} : { encoded: { names, bytes: source.bytes } }),
      ...(stored ? { close: () => stored.close() } : {}),
    };
  } catch (error) {
    await stored?.close();
    throw error;
  }

  async function cacheOf(folder: string): Promise<CachedPixels> {
    const stamp = source.stamp ?? (await stat(source.path)).mtimeMs;
    const { identity, path } = source;
    const { versions: codec } = await pictureCodec();
    const versions = [PIXELS, codec.vips];
    const key = fingerprint("pixels", JSON.stringify([identity, stamp, path, look, model, versions]));
    const sizes = { length: names.length, size: model.height * model.width * channels };
    return { folder, name: source.name, key, ...sizes };
  }
}

/** Of the files, of what they are turned into, and of what is known of them. */
function fingerprintOf({ identity, labelling, captions }: PictureSource, look: DecodeOptions): string {
  const known = captions ? [labelling?.labels, captions] : [labelling?.labels];
  return fingerprint("images", JSON.stringify([identity, look, ...known]));
}

/** Reads every picture once, some at a time. */
async function readInOrder(set: Dataset, skipBad: boolean): Promise<void> {
  const window = 256;
  for (let from = 0; from < set.length; from += window) {
    const count = Math.min(window, set.length - from);
    await Promise.all(
      Array.from({ length: count }, async (_, i) => {
        try {
          await set.image(from + i);
        } catch (error) {
          if (!(skipBad && isUndecodable(error))) throw error;
        }
      }),
    );
  }
}

async function firstSize(
  count: number,
  decode: (index: number) => Promise<DecodedPicture>,
  skipBad: boolean,
): Promise<{ height: number; width: number }> {
  for (let index = 0; index < count; index++) {
    try {
      return await decode(index);
    } catch (error) {
      if (!(skipBad && isUndecodable(error))) throw error;
    }
  }
  return fail("data/images", `none of ${count} images decodes.`);
}
