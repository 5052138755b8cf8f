import { type Dataset, fail, type Registry } from "@ddpm/core";
import type { NotUsed } from "../datasets/not-used.ts";
import type { DataFormat } from "../formats/format.ts";
import { formats as builtIn } from "../formats/index.ts";
import { pictureOptions } from "../formats/picture-options.ts";
import { recognised } from "../formats/recognised.ts";
import { classSubset } from "../labels/class-subset.ts";
import { givenContents } from "./contents.ts";
import type { GivenFile } from "./given-files.ts";
import { type PagePictureOptions, pictureSet } from "./picture-set.ts";

/** Options of {@link openFiles}; those that the files' format does not have are ignored. */
export interface OpenFilesOptions extends PagePictureOptions {
  /** The format's name, instead of finding out. */
  readonly format?: string | undefined;
  /** The built-in ones, or more: `formats.with(mine)`. */
  readonly formats?: Registry<DataFormat> | undefined;
  /** What the set is called; the file's or folder's name unless given. `mnist` … bring class names. */
  readonly name?: string | undefined;
  /** Take labels (default), or not; or the name of a list of labels. */
  readonly labels?: boolean | string | undefined;
  /** The split, by a folder or by the word in files' names; the training one unless given. */
  readonly split?: string | undefined;
  /** Class names by label, for arrays. */
  readonly classNames?: readonly string[] | undefined;
  /** Other options of the format. */
  readonly [option: string]: unknown;
}

/** A set from a page's files. */
export interface OpenedFiles extends Dataset {
  /** What is there too and was not used: lists, other splits, files of other kinds. */
  readonly notUsed: readonly NotUsed[];
}

/** Bytes of encoded pictures that are kept. */
const MEMORY = 2 ** 28;

/**
 * A set from files that a page was given, in any of the formats that Node opens, by the rules of `openDataset` there: a
 * folder, a file, a ZIP, TAR or gzipped TAR. Nothing leaves the page.
 *
 * @throws DdpmError for files of no known format, or that do not hold what they should
 */
export async function openFiles(
  files: readonly GivenFile[],
  options: OpenFilesOptions = {},
): Promise<OpenedFiles> {
  const { format, formats = builtIn, name } = options;
  const contents = await givenContents(files, name);
  const { listing } = contents;
  if (listing.files.length === 0) return fail("data/browser", "no files, expected at least one.");
  const place = { path: listing.path, name, contents: async () => contents };
  const plugin = formats.get(format ?? (await recognised(place, formats, "of no known kind")));
  const taken = optionsOf(plugin.schema.shape, options);
  const { notUsed = [], ...found } = await plugin(taken as never).read(place, { memory: MEMORY });
  if ("set" in found) return { ...classSubset(found.set, options), notUsed };
  const stamp = files.map(({ blob }) => ("lastModified" in blob ? blob.lastModified : 0));
  const classes = options.classes?.map((one) => found.classNumbers?.get(String(one)) ?? one);
  return { ...(await pictureSet({ ...found.source, stamp }, { ...options, classes })), notUsed };
}

/** Decoding of pictures, which the browser does in its own way, and the sizes of arrays, which stay as they are. */
const { flippable: _, ...decoding } = pictureOptions;

/** The options that a format has. */
function optionsOf(
  known: Readonly<Record<string, unknown>>,
  { formats: _formats, format: _format, ...options }: OpenFilesOptions,
): Readonly<Record<string, unknown>> {
  // Formats whose labels are in columns or fields name the one that has them.
  const all = options.labels === false && "label" in known ? { ...options, label: false } : options;
  return Object.fromEntries(
    Object.entries(all).filter(
      ([name, value]) => name in known && !(name in decoding) && value !== undefined,
    ),
  );
}
