import { availableParallelism } from "node:os";
import { basename, join } from "node:path";
import { type Dataset, type DatasetImage, fail, isDdpmError } from "@ddpm/core";
import { cached } from "../cached.ts";
import { fingerprint } from "../fingerprint.ts";
import { limiter } from "../limiter.ts";
import { type Decoded, type DecodeOptions, decodeImage } from "./decode.ts";
import { bytesOf, type FoundFile, filesBelow } from "./files.ts";
import { folderLabels } from "./folder-labels.ts";
import type { OpenedDataset, SkippedImage } from "./format.ts";
import type { Place } from "./place.ts";
import { enterSplit } from "./split.ts";

/** Checked options of the `images` format, whose file says what each means. */
export interface ImageFolderOptions extends Omit<DecodeOptions, "size"> {
  readonly size?: number | readonly [number, number] | undefined;
  readonly labels: boolean;
  readonly split?: string | undefined;
  readonly skipBad: boolean;
  readonly handed: boolean;
  readonly cache: number;
  readonly concurrency?: number | undefined;
}

/** Whether a file's name ends as one of the formats that are decoded. */
export function isImageName(name: string): boolean {
  return /\.(png|jpe?g|webp|gif)$/i.test(name);
}

/**
 * Lists a folder of images and decodes the first one where no size is given, all where bad ones are to be skipped.
 *
 * @throws DdpmError naming the folder without images, or the image that does not decode or has another size
 */
export async function openImageFolder(outer: Place, options: ImageFolderOptions): Promise<OpenedDataset> {
  const { fit, kernel, channels, background, skipBad, handed } = options;
  const { place, name } = await enter(outer, options.split);
  const files = await filesBelow(place.path, isImageName);
  if (files.length === 0) {
    fail("data/images", `${place.path} has no PNG, JPEG, WebP or GIF files, expected at least one.`);
  }
  const size = typeof options.size === "number" ? ([options.size, options.size] as const) : options.size;
  const look: DecodeOptions = { fit, kernel, channels, background, size };
  const limited = limiter(options.concurrency ?? availableParallelism());
  const decode = (path: string): Promise<Decoded> =>
    limited(async () => decodeImage(await bytesOf(join(place.path, path)), join(place.path, path), look));

  const model = size ? { height: size[0], width: size[1] } : await firstSize(files, decode, skipBad);
  const paths = files.map(({ path }) => path);
  const found = options.labels ? folderLabels(paths, place.path) : undefined;
  const all: Dataset = {
    name,
    length: files.length,
    shape: [model.height, model.width, channels],
    ...(found ? { classes: found.classes } : {}),
    handed,
    fingerprint: fingerprint("images", JSON.stringify([files, look, found?.labels])),
    async image(index): Promise<DatasetImage> {
      const path = paths[index] ?? fail("data/images", `image ${index}, expected 0 to ${paths.length - 1}.`);
      const { pixels, height, width } = await decode(path);
      if (height !== model.height || width !== model.width) {
        fail(
          "data/images",
          `${join(place.path, path)} has ${height} rows of ${width} pixels, expected ${model.height} of ${model.width} as the first.`,
          "Set size to bring all to one.",
        );
      }
      return found ? { pixels, label: found.labels[index]! } : { pixels };
    },
  };
  const kept = cached(all, options.cache * 2 ** 20);
  return { ...(skipBad ? await withoutBad(kept, paths) : kept), path: place.path };
}

async function enter(outer: Place, split: string | undefined): Promise<{ place: Place; name: string }> {
  const images = outer.names.some(isImageName);
  const entered = images && split === undefined ? { place: outer } : await enterSplit(outer, split);
  const name = basename(outer.path);
  return { place: entered.place, name: entered.split === undefined ? name : `${name}/${entered.split}` };
}

async function firstSize(
  files: readonly FoundFile[],
  decode: (path: string) => Promise<Decoded>,
  skipBad: boolean,
): Promise<{ height: number; width: number }> {
  for (const { path } of files) {
    try {
      return await decode(path);
    } catch (error) {
      if (!(skipBad && isUndecodable(error))) throw error;
    }
  }
  return fail("data/images", `none of ${files.length} images decodes.`);
}

/** Decodes every image once and leaves out those that fail. */
async function withoutBad(
  set: Dataset,
  paths: readonly string[],
): Promise<Dataset & { skipped: SkippedImage[] }> {
  const reasons = await Promise.all(
    paths.map(async (_, index) => {
      try {
        await set.image(index);
        return undefined;
      } catch (error) {
        if (isUndecodable(error)) return error.message;
        throw error;
      }
    }),
  );
  const good = paths.map((_, index) => index).filter((index) => reasons[index] === undefined);
  const skipped = paths.flatMap((file, index) => {
    const reason = reasons[index];
    return reason === undefined ? [] : [{ file, reason }];
  });
  if (good.length === 0) fail("data/images", `none of ${paths.length} images decodes: ${reasons[0]}`);
  return {
    ...set,
    length: good.length,
    fingerprint: fingerprint(set.fingerprint, JSON.stringify(skipped.map(({ file }) => file))),
    skipped,
    image: (index) => set.image(good[index] ?? fail("data/images", `image ${index} of ${good.length}.`)),
  };
}

function isUndecodable(error: unknown): error is Error {
  return isDdpmError(error) && error.where === "data/decode";
}
