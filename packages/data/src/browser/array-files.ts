import { type Dataset, fail } from "@ddpm/core";
import type { ArchiveEntry } from "../archive/entry.ts";
import { type CifarVariant, cifarDataset, cifarRecord } from "../cifar.ts";
import { type ClassSubset, classSubset } from "../class-subset.ts";
import { readIdx } from "../idx.ts";
import { idxDataset } from "../idx-dataset.ts";
import { type IdxFiles, idxFiles } from "../idx-files.ts";

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
  const idx = idxFiles(
    files.map((file) => file.name),
    name,
    { split: options.split },
  );
  if (idx) return idxSet(idx, files, name, options);
  const cifar = files.filter((file) => file.name.endsWith(".bin"));
  return cifar.length > 0 ? cifarSet(cifar, files, name, options) : undefined;
}

/** The set in files of IDX images and labels. */
export async function idxSet(
  chosen: IdxFiles,
  files: readonly ArchiveEntry[],
  name: string,
  { labels = true, classNames, handed, ...subset }: ArrayOptions,
): Promise<Dataset> {
  if (labels && chosen.labels === undefined)
    fail("data/idx", `there are no labels for ${chosen.images}.`, "Set labels to false.");
  const bytes = (path: string): Promise<Uint8Array> => files.find((file) => file.name === path)!.read();
  const read = async (path: string) => readIdx(await bytes(path), path);
  const mapped = labels && chosen.mapping ? await bytes(chosen.mapping) : undefined;
  const set = idxDataset({
    images: await read(chosen.images),
    labels: labels && chosen.labels ? await read(chosen.labels) : undefined,
    mapping: mapped && new TextDecoder().decode(mapped),
    name: chosen.set ?? name,
    classes: classNames,
    handed,
  });
  return classSubset(set, subset);
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
