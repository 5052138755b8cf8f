import { type Dataset, fail } from "@ddpm/core";
import type { ArchiveEntry } from "../archive/entry.ts";
import { archivePictures } from "../archive/pictures.ts";
import { zipEntries } from "../archive/zip.ts";
import { blobSource } from "../byte-source.ts";
import { classSubset } from "../class-subset.ts";
import { isIdx } from "../idx.ts";
import { isHidden, isImageName } from "../names.ts";
import { isNpy, parseNpy } from "../npy.ts";
import { npyDataset } from "../npy-dataset.ts";
import { npzArrays } from "../npz.ts";
import { parquetColumns } from "../parquet/columns.ts";
import { parquetFile } from "../parquet/file.ts";
import { parquetRows } from "../parquet/rows.ts";
import { archiveArrays, archiveEntries, isArchiveName } from "./archive-entries.ts";
import { type ArrayOptions, arraySet, idxSet } from "./array-files.ts";
import type { GivenFile } from "./given-files.ts";
import { type PictureOptions, pictureSet } from "./picture-set.ts";

/** Options of {@link openFiles}; those of pictures are passed over for arrays. */
export interface OpenFilesOptions extends PictureOptions, ArrayOptions {
  /** What the set is called; the file's or folder's name unless given. `mnist` … bring class names. */
  readonly name?: string | undefined;
  /** Take labels, or the folders' names, as classes (default), or not. */
  readonly labels?: boolean | undefined;
  /** `train` (default where there is one), `test`, or a folder's name. */
  readonly split?: string | undefined;
}

/**
 * A set from files that a page was given: pictures in folders, IDX files, CIFAR binaries, a ZIP or TAR of any of these,
 * Parquet, a `.npy` or `.npz`. Nothing leaves the page.
 *
 * @throws DdpmError for files of no known kind, or that do not hold what they should
 */
export async function openFiles(
  files: readonly GivenFile[],
  options: OpenFilesOptions = {},
): Promise<Dataset> {
  const seen = files.filter(({ path }) => !path.split("/").some(isHidden));
  const [first] = seen;
  if (!first) return fail("data/browser", "no files, expected at least one.");
  const name = options.name ?? nameOf(first.path, seen.length);
  const entries = seen.map(entryOf);
  const arrays = await arraySet(entries, name, options);
  if (arrays) return arrays;
  const parquets = seen.filter(({ path }) => /\.parquet$/i.test(path));
  if (parquets.length > 0) return parquetSet(parquets, name, options);
  if (seen.length === 1 && !isImageName(first.path)) return single(first, name, options);
  const archive = seen.find(({ path }) => isArchiveName(path));
  if (archive && !seen.some(({ path }) => isImageName(path)))
    fail("data/browser", `${archive.path} is one of ${seen.length} files.`, "Give one archive at a time.");
  return pictures(entries, name, seen, options);
}

function entryOf({ path, blob }: GivenFile): ArchiveEntry {
  const read = async (): Promise<Uint8Array> => new Uint8Array(await blob.arrayBuffer());
  return { name: path, link: false, size: blob.size, read };
}

async function single(file: GivenFile, name: string, options: OpenFilesOptions): Promise<Dataset> {
  const { path, blob } = file;
  const head = new Uint8Array(await blob.slice(0, 16).arrayBuffer());
  if (isNpy(head)) {
    const array = parseNpy(new Uint8Array(await blob.arrayBuffer()), path);
    return classSubset(npyDataset({ ...options, images: array, labels: undefined, name }), options);
  }
  if (isIdx(head)) {
    const alone = { images: path, labels: undefined, mapping: undefined, set: undefined, split: undefined };
    return idxSet(alone, [entryOf(file)], name, { ...options, labels: false });
  }
  if (/\.npz$/i.test(path)) {
    const entries = await zipEntries(blobSource(path, blob));
    const arrays = await npzArrays(path, entries, { images: undefined, labels: undefined });
    return classSubset(npyDataset({ ...options, ...arrays, name }), options);
  }
  const entries = await archiveEntries(file);
  if (entries) {
    const arrays = archiveArrays(path, entries);
    const set = arrays && (await arraySet(arrays, name, options));
    return set ?? pictures(entries, name, [file], options);
  }
  return fail(
    "data/browser",
    `${path} is of no known kind, expected pictures, .zip, .tar, .tar.gz, .parquet, .npy, .npz, IDX or CIFAR files.`,
  );
}

function pictures(
  entries: readonly ArchiveEntry[],
  name: string,
  files: readonly GivenFile[],
  options: OpenFilesOptions,
): Promise<Dataset> {
  const { labels = true, split } = options;
  const source = archivePictures(name, name, entries, { labels, split });
  const stamp = files.map(({ blob }) => ("lastModified" in blob ? blob.lastModified : 0));
  return pictureSet({ ...source, stamp }, options);
}

async function parquetSet(
  all: readonly GivenFile[],
  name: string,
  options: OpenFilesOptions,
): Promise<Dataset> {
  const begins = all.filter(({ path }) =>
    path
      .split("/")
      .at(-1)!
      .startsWith(options.split ?? "train"),
  );
  const chosen = begins.length > 0 || options.split !== undefined ? begins : all;
  const files = await Promise.all(chosen.map(({ path, blob }) => parquetFile(blobSource(path, blob))));
  const [first] = files;
  if (!first) return fail("data/parquet", `there are no files that begin with ${options.split}.`);
  const wanted = { image: undefined, label: options.labels === false ? (false as const) : undefined };
  const columns = parquetColumns(first.path, first.metadata, wanted);
  const rows = parquetRows(files, columns.path, 2 ** 28);
  if (rows.length === 0) fail("data/parquet", `${name} has no rows, expected at least one picture.`);
  const labels = columns.label === undefined ? undefined : Array.from(await rows.labels(columns.label));
  const most = labels?.reduce((a, b) => Math.max(a, b), 0) ?? 0;
  if (most >= (columns.classes?.length ?? 100_000))
    fail("data/parquet", `${name}: label ${most} has no class.`);
  const classes = columns.classes ?? Array.from({ length: most + 1 }, (_, k) => String(k));
  return pictureSet(
    {
      name,
      path: name,
      names: Array.from({ length: rows.length }, (_, index) => `row ${index}`),
      file: rows.file,
      bytes: rows.bytes,
      labelling: labels && { classes, labels },
      identity: files.map(({ path, size, starts }) => [path, size, starts.at(-1)]),
    },
    options,
  );
}

/** A file's name without its endings, or the folder that all lie in. */
function nameOf(path: string, files: number): string {
  const [top = "images", ...more] = path.split("/");
  return files > 1 && more.length > 0
    ? top
    : path
        .split("/")
        .at(-1)!
        .replace(/\.[^/]*$/, "");
}
