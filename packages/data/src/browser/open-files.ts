import { type Dataset, fail } from "@ddpm/core";
import { chunksSource } from "../archive/chunks.ts";
import type { ArchiveEntry } from "../archive/entry.ts";
import { archivePictures } from "../archive/pictures.ts";
import { tarEntries } from "../archive/tar.ts";
import { zipEntries } from "../archive/zip.ts";
import { blobSource } from "../byte-source.ts";
import { type CifarVariant, cifarDataset, cifarRecord } from "../cifar.ts";
import { classSubset } from "../class-subset.ts";
import { gunzip, isGzip } from "../gunzip.ts";
import { isIdx, readIdx } from "../idx.ts";
import { idxDataset } from "../idx-dataset.ts";
import { isHidden, isImageName } from "../names.ts";
import { isNpy, parseNpy } from "../npy.ts";
import { npyDataset } from "../npy-dataset.ts";
import { npzArrays } from "../npz.ts";
import { parquetColumns } from "../parquet/columns.ts";
import { parquetFile } from "../parquet/file.ts";
import { parquetRows } from "../parquet/rows.ts";
import type { GivenFile } from "./given-files.ts";
import { type PictureOptions, pictureSet } from "./picture-set.ts";

/** Options of {@link openFiles}; those of pictures are passed over for arrays. */
export interface OpenFilesOptions extends PictureOptions {
  /** What the set is called; the file's or folder's name unless given. `mnist` … bring class names. */
  readonly name?: string | undefined;
  /** Take the folders' names as classes (default), or not. */
  readonly labels?: boolean | undefined;
  /** `train` (default where there is one), `test`, or a folder's name. */
  readonly split?: string | undefined;
  /** Class names by label, for arrays. */
  readonly classNames?: readonly string[] | undefined;
}

const IDX = /(?:^|\/)(train|t10k)?-?images[-.]idx\d-ubyte(\.gz)?$/;
const TAR = /\.(tar|tar\.gz|tgz)$/i;

/**
 * A set from files that a page was given: pictures in folders, a ZIP or TAR of them, Parquet, IDX files, CIFAR
 * binaries, a `.npy` or `.npz`. Nothing leaves the page.
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
  const images = seen.find(({ path }) => IDX.test(path) && splitFits(path, options.split));
  if (images) return idxSet(images, seen, name, options);
  const cifar = seen.filter(({ path }) => /\.bin$/.test(path));
  if (cifar.length > 0) return cifarSet(cifar, name, options);
  const parquets = seen.filter(({ path }) => /\.parquet$/i.test(path));
  if (parquets.length > 0) return parquetSet(parquets, name, options);
  if (seen.length === 1 && !isImageName(first.path)) return single(first, name, options);
  const entries = seen.map(({ path, blob }) => ({
    name: path,
    link: false,
    size: blob.size,
    read: async () => new Uint8Array(await blob.arrayBuffer()),
  }));
  return pictures(entries, name, seen, options);
}

async function single({ path, blob }: GivenFile, name: string, options: OpenFilesOptions): Promise<Dataset> {
  const head = new Uint8Array(await blob.slice(0, 16).arrayBuffer());
  const source = blobSource(path, blob);
  if (isNpy(head)) {
    const array = parseNpy(new Uint8Array(await blob.arrayBuffer()), path);
    return classSubset(npyDataset({ ...options, images: array, labels: undefined, name }), options);
  }
  if (isIdx(head)) return idxSet({ path, blob }, [], name, { ...options, labels: false });
  if (/\.npz$/i.test(path)) {
    const arrays = await npzArrays(path, await zipEntries(source), { images: undefined, labels: undefined });
    return classSubset(npyDataset({ ...options, ...arrays, name }), options);
  }
  if (head[0] === 0x50 && head[1] === 0x4b)
    return pictures(await zipEntries(source), name, [{ path, blob }], options);
  if (TAR.test(path)) {
    const packed = isGzip(head) ? await gunzip(new Uint8Array(await blob.arrayBuffer()), path) : undefined;
    const entries = await tarEntries(packed ? chunksSource(path, [packed]) : source);
    return pictures(entries, name, [{ path, blob }], options);
  }
  return fail(
    "data/browser",
    `${path} is of no known kind, expected pictures, .zip, .tar, .parquet, .npy, .npz, IDX or CIFAR files.`,
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

async function idxSet(
  images: GivenFile,
  files: readonly GivenFile[],
  name: string,
  { labels = true, classNames, handed, ...subset }: OpenFilesOptions,
): Promise<Dataset> {
  const wanted = images.path.replace("images", "labels").replace(/idx\d/, "idx1").replace(/\.gz$/, "");
  const found = files.find(({ path }) => path.replace(/\.gz$/, "") === wanted);
  if (labels && !found)
    fail("data/idx", `there is no ${wanted} beside ${images.path}.`, "Set labels to false.");
  const read = async ({ path, blob }: GivenFile) => readIdx(new Uint8Array(await blob.arrayBuffer()), path);
  const set = idxDataset({
    images: await read(images),
    labels: labels && found ? await read(found) : undefined,
    name,
    classes: classNames,
    handed,
  });
  return classSubset(set, subset);
}

function splitFits(path: string, split = "train"): boolean {
  const stem = IDX.exec(path)?.[1];
  return stem === undefined || stem === (split === "test" ? "t10k" : split);
}

async function cifarSet(
  all: readonly GivenFile[],
  name: string,
  { split = "train", classNames, ...subset }: OpenFilesOptions,
): Promise<Dataset> {
  const test = (path: string): boolean => /(^|\/)test/.test(path);
  const chosen = all.length === 1 ? all : all.filter(({ path }) => test(path) === (split === "test"));
  if (chosen.length === 0) fail("data/cifar", `there are no files of the split ${split}.`);
  const files = await Promise.all(
    chosen
      .toSorted((a, b) => (a.path < b.path ? -1 : 1))
      .map(async ({ path, blob }) => ({ file: path, bytes: new Uint8Array(await blob.arrayBuffer()) })),
  );
  const ten = files.every(({ bytes }) => bytes.length % cifarRecord(10) === 0);
  const variant: CifarVariant = ten ? 10 : 100;
  return classSubset(cifarDataset(files, { name, variant, classNames }), subset);
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
