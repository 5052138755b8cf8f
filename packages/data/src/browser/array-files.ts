import { type Dataset, fail } from "@ddpm/core";
import type { ArchiveEntry } from "../archive/entry.ts";
import { type CifarVariant, cifarDataset, cifarRecord } from "../cifar.ts";
import { type ClassSubset, classSubset } from "../class-subset.ts";
import { readIdx } from "../idx.ts";
import { idxDataset } from "../idx-dataset.ts";

/** What is asked of files that hold arrays. */
export interface ArrayOptions extends ClassSubset {
  /** Take the labels (default), or not. */
  readonly labels?: boolean | undefined;
  /** `train` (default where there is one), or `test`. */
  readonly split?: string | undefined;
  /** Class names by label, for arrays. */
  readonly classNames?: readonly string[] | undefined;
  /** Whether a mirror image means something else. */
  readonly handed?: boolean | undefined;
}

const IDX = /(?:^|\/)(train|t10k)?-?images[-.]idx\d-ubyte(\.gz)?$/;
const TEST = /(^|\/)test[^/]*$/;
/** Class names beside CIFAR's files, a line each. */
const NAMES: Readonly<Record<CifarVariant, RegExp>> = {
  10: /(^|\/)batches\.meta\.txt$/,
  100: /(^|\/)fine_label_names\.txt$/,
};

/**
 * The set in IDX or CIFAR files, loose ones or those of an archive; undefined where there are none.
 *
 * @throws DdpmError for files that do not hold what they should, or whose labels or split are not there
 */
export async function arraySet(
  files: readonly ArchiveEntry[],
  name: string,
  options: ArrayOptions,
): Promise<Dataset | undefined> {
  const images = files.find((file) => IDX.test(file.name) && splitFits(file.name, options.split));
  if (images) return idxSet(images, files, name, options);
  const cifar = files.filter((file) => file.name.endsWith(".bin"));
  return cifar.length > 0 ? cifarSet(cifar, files, name, options) : undefined;
}

/** The set in one file of IDX images, and one of labels beside it. */
export async function idxSet(
  images: ArchiveEntry,
  files: readonly ArchiveEntry[],
  name: string,
  { labels = true, classNames, handed, ...subset }: ArrayOptions,
): Promise<Dataset> {
  const wanted = images.name.replace(/images([-.]idx)\d([^/]*?)(\.gz)?$/, "labels$11$2");
  const found = files.find((file) => file.name.replace(/\.gz$/, "") === wanted);
  if (labels && !found)
    fail("data/idx", `there is no ${wanted} beside ${images.name}.`, "Set labels to false.");
  const read = async (file: ArchiveEntry) => readIdx(await file.read(), file.name);
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
  all: readonly ArchiveEntry[],
  files: readonly ArchiveEntry[],
  name: string,
  { split = "train", classNames, ...subset }: ArrayOptions,
): Promise<Dataset> {
  const chosen = all.length === 1 ? all : all.filter((file) => TEST.test(file.name) === (split === "test"));
  if (chosen.length === 0) fail("data/cifar", `there are no files of the split ${split}.`);
  const ten = chosen.every(({ size }) => size % cifarRecord(10) === 0);
  const variant: CifarVariant = ten ? 10 : 100;
  const names = files.find((file) => NAMES[variant].test(file.name));
  const bytes: { file: string; bytes: Uint8Array }[] = [];
  for (const file of chosen.toSorted((a, b) => (a.name < b.name ? -1 : 1)))
    bytes.push({ file: file.name, bytes: await file.read() });
  const told = classNames ?? (names && linesOf(await names.read()));
  return classSubset(cifarDataset(bytes, { name, variant, classNames: told }), subset);
}

function linesOf(bytes: Uint8Array): string[] {
  const lines = new TextDecoder().decode(bytes).split("\n");
  return lines.map((line) => line.trim()).filter(Boolean);
}
