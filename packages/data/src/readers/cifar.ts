import { type Dataset, fail } from "@ddpm/core";
import type { NotUsed } from "../datasets/not-used.ts";
import { isCifarFile } from "../listing/kind.ts";
import { leftFiles } from "../listing/left-files.ts";
import type { ListedFile, Listing } from "../listing/listing.ts";
import { baseOf, folderOf } from "../listing/name-form.ts";
import { divide } from "../listing/splits/divide.ts";
import { linesIn } from "../listing/text-of.ts";
import { type CifarVariant, cifarDataset, cifarRecord } from "../parsers/cifar.ts";

/** What is asked of CIFAR's files. */
export interface CifarChoice {
  readonly split?: string | undefined;
  /** CIFAR-100: 100 classes (`fine`, default) or 20 (`coarse`). */
  readonly level?: "fine" | "coarse" | undefined;
  /** 10 or 100, where neither the files' names nor their lengths tell. */
  readonly variant?: CifarVariant | undefined;
  readonly classNames?: readonly string[] | undefined;
  /** What the set is called; `cifar-10` or `cifar-100` unless given. */
  readonly name?: string | undefined;
}

/** The three lists of class names. */
const META = ["batches.meta.txt", "fine_label_names.txt", "coarse_label_names.txt"];

/**
 * CIFAR's binary files of a listing, a split of them, with the class names next to them.
 *
 * @throws DdpmError for files that do not hold what they should, or a split that is not there
 */
export async function cifarSet(
  listing: Listing,
  choice: CifarChoice,
): Promise<{ readonly set: Dataset; readonly notUsed: readonly NotUsed[] }> {
  const { level = "fine", classNames } = choice;
  const all = listing.files.filter((file) => listing.kind === "file" || isCifarFile(file));
  if (all.length === 0) fail("data/cifar", `${listing.path} has no .bin files of whole records.`);
  const division = divide(listing, all, { split: choice.split, inNames: true });
  const near = (await listing.neighbours?.()) ?? listing;
  const about = (name: string): ListedFile | undefined =>
    near.files.find((file) => baseOf(file.name) === name && isNear(file, division.files[0]!));
  const variant = choice.variant ?? variantOf(division.files, about("fine_label_names.txt") !== undefined);
  const list = about(variant === 10 ? META[0]! : `${level}_label_names.txt`);
  const names =
    classNames ?? (list && linesIn(await list.bytes(), near.called(list)).map((line) => line.trim()));
  const files: { file: string; bytes: Uint8Array }[] = [];
  for (const file of division.files) files.push({ file: listing.called(file), bytes: await file.bytes() });
  const name = choice.name ?? `cifar-${variant}`;
  const used = new Set([...division.files, ...near.files.filter((file) => META.includes(baseOf(file.name)))]);
  return {
    set: cifarDataset(files, { name, variant, level, classNames: names }),
    notUsed: leftFiles(listing, used, division),
  };
}

function isNear(list: ListedFile, file: ListedFile): boolean {
  return folderOf(file.name).startsWith(folderOf(list.name));
}

/** By the files' names, else by the lists next to them, else by the length that only one of the two has. */
function variantOf(files: readonly ListedFile[], hundred: boolean): CifarVariant {
  if (files.every(({ name }) => /^(data|test)_batch/.test(baseOf(name)))) return 10;
  if (hundred) return 100;
  return files.every(({ size }) => size % cifarRecord(10) === 0) ? 10 : 100;
}
