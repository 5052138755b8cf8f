import { type Dataset, fail } from "@ddpm/core";
import type { NotUsed } from "../datasets/not-used.ts";
import { classSubset } from "../labels/class-subset.ts";
import type { Contents } from "../listing/contents.ts";
import { refuseKnownKinds } from "../listing/refused/refused-kinds.ts";
import { cifarSet } from "../readers/cifar.ts";
import { idxSet } from "../readers/idx.ts";
import { npySet } from "../readers/npy.ts";
import { parquetPictures } from "../readers/parquet.ts";
import { type FoundPictures, pictures } from "../readers/pictures.ts";
import { tinyImagenetPictures } from "../readers/tiny-imagenet.ts";
import { webdatasetPictures } from "../readers/webdataset.ts";
import { givenContents, LARGEST_TAR } from "./contents.ts";
import type { GivenFile } from "./given-files.ts";
import { type PictureOptions, pictureSet } from "./picture-set.ts";

/** Options of {@link openFiles}; those of pictures are passed over for arrays. */
export interface OpenFilesOptions extends PictureOptions {
  /** What the set is called; the file's or folder's name unless given. `mnist` … bring class names. */
  readonly name?: string | undefined;
  /** Take labels (default), or not; or the name of a list of labels. */
  readonly labels?: boolean | string | undefined;
  /** The split, by a folder or by the word in files' names; the training one unless given. */
  readonly split?: string | undefined;
  /** Class names by label, for arrays. */
  readonly classNames?: readonly string[] | undefined;
  /** Whether a mirror image means something else. */
  readonly flippable?: boolean | undefined;
}

/** A set from a page's files. */
export interface OpenedFiles extends Dataset {
  /** What is there too and was not used: lists, other splits, files of other kinds. */
  readonly notUsed: readonly NotUsed[];
}

/** Bytes of encoded pictures of Parquet files that are kept. */
const PARQUET_MEMORY = 2 ** 28;

/**
 * A set from files that a page was given: pictures in folders, WebDataset shards, IDX files, CIFAR binaries, NumPy arrays,
 * Tiny ImageNet, Parquet, or a ZIP, TAR or gzipped TAR of any of these. The rules are those of `openDataset` in Node. Nothing
 * leaves the page.
 *
 * @throws DdpmError for files of no known kind, or that do not hold what they should
 */
export async function openFiles(
  files: readonly GivenFile[],
  options: OpenFilesOptions = {},
): Promise<OpenedFiles> {
  const contents = await givenContents(files, options.name);
  const { listing, kind } = contents;
  if (listing.files.length === 0) return fail("data/browser", "no files, expected at least one.");
  const arrays = await arraysOf(contents, options);
  if (arrays) return { ...classSubset(arrays.set, options), notUsed: arrays.notUsed };
  if (kind === undefined) refuseKnownKinds(listing);
  if (kind === undefined && listing.kind === "file")
    return fail(
      "data/browser",
      `${listing.path} is of no known kind, expected pictures, .zip, .tar, .tar.gz, .parquet, .npy, .npz, IDX or CIFAR files.`,
    );
  const { source, notUsed } = await picturesOf(contents, options);
  const stamp = files.map(({ blob }) => ("lastModified" in blob ? blob.lastModified : 0));
  return { ...(await pictureSet({ ...source, stamp }, options)), notUsed };
}

async function arraysOf(
  { listing, kind }: Contents,
  { labels = true, split, classNames, flippable, name }: OpenFilesOptions,
): Promise<{ set: Dataset; notUsed: readonly NotUsed[] } | undefined> {
  if (kind === "idx")
    return idxSet(listing, { split, labels: labels !== false, classNames, flippable, name });
  if (kind === "cifar") return cifarSet(listing, { split, classNames, name: name ?? listing.name });
  if (kind === "npy") return npySet(listing, { split, labels, classNames, flippable, name });
  return undefined;
}

async function picturesOf(
  { listing, kind }: Contents,
  { labels = true, split, classNames }: OpenFilesOptions,
): Promise<FoundPictures> {
  const label = labels === false ? false : undefined;
  if (kind === "parquet") return parquetPictures(listing, { label, split, memory: PARQUET_MEMORY });
  if (kind === "tiny-imagenet") return tinyImagenetPictures(listing, split);
  if (kind !== "webdataset") return pictures(listing, { labels, split });
  return webdatasetPictures(listing, { label, classNames, split, memory: LARGEST_TAR });
}
