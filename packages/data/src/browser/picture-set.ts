import { type Dataset, type DatasetImage, fail } from "@ddpm/core";
import { fingerprint } from "@ddpm/core/authoring";
import { limiter } from "../bytes/limiter.ts";
import { cached } from "../datasets/cached.ts";
import type { PictureOptions } from "../formats/picture-options.ts";
import { type ClassSubset, classSubset } from "../labels/class-subset.ts";
import type { DecodedPicture, PictureForm } from "../pictures/decoded-picture.ts";
import { describedImage, describedSet } from "../pictures/described.ts";
import type { PictureSource } from "../pictures/picture-source.ts";
import { decodePicture } from "./decode-picture.ts";
import { privateCache } from "./private-cache.ts";

/** How pictures become bytes of one size; resized by the browser's own filter. */
export interface PagePictureOptions
  extends ClassSubset,
    Pick<PictureOptions, "size" | "fit" | "channels" | "background" | "flippable"> {
  /** Megabytes of decoded pixels to keep in memory (256), or a name to keep all under in the private file system. */
  readonly cache?: number | string | undefined;
}

/** Pictures decoded at a time. */
const AT_ONCE = 8;

/**
 * A set of encoded pictures, decoded by the browser when they are read.
 *
 * @throws DdpmError naming the picture that does not decode or has another size
 */
export async function pictureSet(source: PictureSource, options: PagePictureOptions): Promise<Dataset> {
  const { names, labelling, captions } = source;
  const { fit = "crop", channels = 3, background = [255, 255, 255], flippable = true, cache = 256 } = options;
  const size = typeof options.size === "number" ? ([options.size, options.size] as const) : options.size;
  const form: PictureForm = { size, fit, channels, background };
  const limited = limiter(AT_ONCE);
  const decode = (index: number): Promise<DecodedPicture> =>
    limited(async () => {
      const bytes = await source.bytes(index);
      return decodePicture(new Blob([bytes as Uint8Array<ArrayBuffer>]), source.file(index), form);
    });
  const model = size ? { height: size[0], width: size[1] } : await decode(0);
  const shape = [model.height, model.width, channels] as const;
  const pixelsOf = async (index: number): Promise<Uint8Array> => {
    const { pixels, height, width } = await decode(index);
    if (height === model.height && width === model.width) return pixels;
    return fail(
      "data/images",
      `${source.file(index)} has ${height} rows of ${width} pixels, expected ${model.height} of ${model.width} as the first.`,
      "Set size to bring all to one.",
    );
  };
  const own = fingerprint(
    "browser images",
    JSON.stringify([source.identity, form, shape, labelling?.labels, ...(captions ? [captions] : [])]),
  );
  const key = fingerprint(own, JSON.stringify(source.stamp ?? null));
  const bytes = shape[0] * shape[1] * shape[2];
  const stored = typeof cache === "string" ? await privateCache(cache, key, bytes) : undefined;
  const all: Dataset = {
    name: source.name,
    length: names.length,
    shape,
    ...describedSet(source),
    flippable,
    fingerprint: own,
    async image(index): Promise<DatasetImage> {
      if (names[index] === undefined)
        fail("data/images", `image ${index}, expected 0 to ${names.length - 1}.`);
      const pixels = await (stored ? stored.get(index, () => pixelsOf(index)) : pixelsOf(index));
      return describedImage(source, index, pixels);
    },
  };
  const kept = typeof cache === "number" ? cached(all, cache * 2 ** 20) : all;
  return classSubset(kept, options);
}
