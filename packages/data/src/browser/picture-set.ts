import { type Dataset, type DatasetImage, fail } from "@ddpm/core";
import { fingerprint } from "@ddpm/core/authoring";
import { limiter } from "../bytes/limiter.ts";
import { cached } from "../datasets/cached.ts";
import { type ClassSubset, classSubset } from "../labels/class-subset.ts";
import type { PictureSource } from "../pictures/picture-source.ts";
import { type DecodedPicture, decodePicture, type Look } from "./decode-picture.ts";
import { privateCache } from "./private-cache.ts";

/** How pictures become bytes of one size. */
export interface PictureOptions extends ClassSubset {
  /** Side in pixels, or [height, width]; without it all images must have the size of the first. */
  readonly size?: number | readonly [number, number] | undefined;
  /** Scale the shorter side and crop the middle (`crop`, default), or `stretch`. */
  readonly fit?: "crop" | "stretch" | undefined;
  /** 3 (default) or 1 for grey. */
  readonly channels?: 1 | 3 | undefined;
  /** What shows through transparent parts, red, green, blue, 0 … 255; white. */
  readonly background?: readonly [number, number, number] | undefined;
  /** Whether a mirror image means something else (letters, digits); false. */
  readonly flippable?: boolean | undefined;
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
export async function pictureSet(source: PictureSource, options: PictureOptions): Promise<Dataset> {
  const { names, labelling } = source;
  const { fit = "crop", channels = 3, background = [255, 255, 255], flippable = true, cache = 256 } = options;
  const size = typeof options.size === "number" ? ([options.size, options.size] as const) : options.size;
  const look: Look = { size, fit, channels, background };
  const limited = limiter(AT_ONCE);
  const decode = (index: number): Promise<DecodedPicture> =>
    limited(async () => {
      const bytes = await source.bytes(index);
      return decodePicture(new Blob([bytes as Uint8Array<ArrayBuffer>]), source.file(index), look);
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
    JSON.stringify([source.identity, look, shape, labelling?.labels]),
  );
  const key = fingerprint(own, JSON.stringify(source.stamp ?? null));
  const bytes = shape[0] * shape[1] * shape[2];
  const stored = typeof cache === "string" ? await privateCache(cache, key, bytes) : undefined;
  const all: Dataset = {
    name: source.name,
    length: names.length,
    shape,
    ...(labelling ? { classes: labelling.classes, labels: labelling.labels } : {}),
    flippable,
    fingerprint: own,
    async image(index): Promise<DatasetImage> {
      if (names[index] === undefined)
        fail("data/images", `image ${index}, expected 0 to ${names.length - 1}.`);
      const pixels = await (stored ? stored.get(index, () => pixelsOf(index)) : pixelsOf(index));
      return labelling ? { pixels, label: labelling.labels[index]! } : { pixels };
    },
  };
  const kept = typeof cache === "number" ? cached(all, cache * 2 ** 20) : all;
  return classSubset(kept, options);
}
