import { availableParallelism } from "node:os";
import { type Dataset, type DatasetImage, fail } from "@ddpm/core";
import { cached } from "../cached.ts";
import { classSubset } from "../class-subset.ts";
import { fingerprint } from "../fingerprint.ts";
import { limiter } from "../limiter.ts";
import { type Decoded, type DecodeOptions, decodeImage } from "./decode.ts";
import type { OpenedDataset, OpenTools } from "./format.ts";
import { isUndecodable, withoutBad } from "./without-bad.ts";

/** Checked options of {@link openPictures}: those of every format that decodes pictures. */
export interface CheckedPictureOptions extends Omit<DecodeOptions, "size"> {
  readonly size?: number | readonly [number, number] | undefined;
  readonly skipBad: boolean;
  readonly handed: boolean;
  readonly cache: number;
  readonly concurrency?: number | undefined;
  readonly classes?: readonly (string | number)[] | undefined;
  readonly relabel: boolean;
}

/** Encoded pictures, wherever they lie. */
export interface PictureSource {
  /** What the set is called. */
  readonly name: string;
  /** Absolute path of the file or folder. */
  readonly path: string;
  /** What each picture is called within the set, [N], N from 1. */
  readonly names: readonly string[];
  /** What messages call a picture: with its path. */
  file(index: number): string;
  /** Whether a picture is all that its file holds, so that whoever decodes it can read it. */
  readonly alone?: boolean;
  /** The bytes of a picture's file. */
  bytes(index: number): Promise<Uint8Array>;
  /** Class names, and the label of each picture, [N]. */
  readonly labelling?:
    | { readonly classes: readonly string[]; readonly labels: readonly number[] }
    | undefined;
  /** JSON that changes when the content does. */
  readonly identity: unknown;
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
  const { names, labelling } = source;
  const { fit, kernel, channels, background, skipBad, handed, classes, relabel } = options;
  const size = typeof options.size === "number" ? ([options.size, options.size] as const) : options.size;
  const look: DecodeOptions = { fit, kernel, channels, background, size };
  const limited = limiter(options.concurrency ?? 4 * (workers?.count ?? availableParallelism()));
  const decode = (index: number): Promise<Decoded> =>
    limited(async () => {
      const [file, there] = [source.file(index), workers && source.alone];
      const bytes = there ? undefined : await source.bytes(index);
      return workers ? workers.decode(file, bytes, look) : decodeImage(bytes!, file, look);
    });

  const model = size ? { height: size[0], width: size[1] } : await firstSize(names.length, decode, skipBad);
  const all: Dataset = {
    name: source.name,
    length: names.length,
    shape: [model.height, model.width, channels],
    ...(labelling ? { classes: labelling.classes, labels: labelling.labels } : {}),
    handed,
    fingerprint: fingerprint("images", JSON.stringify([source.identity, look, labelling?.labels])),
    async image(index): Promise<DatasetImage> {
      if (names[index] === undefined)
        fail("data/images", `image ${index}, expected 0 to ${names.length - 1}.`);
      const { pixels, height, width } = await decode(index);
      if (height !== model.height || width !== model.width) {
        fail(
          "data/images",
          `${source.file(index)} has ${height} rows of ${width} pixels, expected ${model.height} of ${model.width} as the first.`,
          "Set size to bring all to one.",
        );
      }
      return labelling ? { pixels, label: labelling.labels[index]! } : { pixels };
    },
  };
  const kept = cached(all, options.cache * 2 ** 20);
  const good = skipBad ? await withoutBad(kept, names) : kept;
  return { ...classSubset(good, { classes, relabel }), path: source.path };
}

async function firstSize(
  count: number,
  decode: (index: number) => Promise<Decoded>,
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
