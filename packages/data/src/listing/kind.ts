import { sampleKey } from "../archive/samples.ts";
import { isGzip } from "../bytes/gunzip.ts";
import { cifarRecord } from "../parsers/cifar.ts";
import { isIdx } from "../parsers/idx.ts";
import { idxName } from "../parsers/idx-files.ts";
import { isNpy } from "../parsers/npy.ts";
import { isImageName } from "../pictures/picture-names.ts";
import type { ListedFile, Listing } from "./listing.ts";
import { baseOf, folderOf } from "./name-form.ts";
import { isOtherPicture } from "./other-pictures.ts";

/** What the files of a listing are. */
export type Kind = "tiny-imagenet" | "idx" | "cifar" | "parquet" | "webdataset" | "npy" | "pictures";

/** Whether a name is that of a shard. */
export function isShardName(name: string): boolean {
  return /\.(tar|tar\.gz|tgz)$/i.test(name);
}

/** Whether a name is that of a Parquet file with images; `metadata.parquet` is about others. */
export function isParquetName(name: string): boolean {
  return /\.parquet$/i.test(name) && baseOf(name).toLowerCase() !== "metadata.parquet";
}

/** Whether a file has whole records of CIFAR's binary version. */
export function isCifarFile({ name, size }: Pick<ListedFile, "name" | "size">): boolean {
  if (isCifarName(name)) return true;
  if (!name.toLowerCase().endsWith(".bin") || size === 0) return false;
  return ([10, 100] as const).some((variant) => size % cifarRecord(variant) === 0);
}

function isCifarName(name: string): boolean {
  return /(^|\/)(data_batch_\d+|test_batch)\.bin$/i.test(name);
}

/**
 * What a listing's files are, by their names and sizes: the more particular before the more general, shards before
 * pictures where they have more bytes.
 *
 * @returns undefined for nothing that is known
 */
export function kindOf(listing: Listing): Kind | undefined {
  const { files } = listing;
  const has = (is: (name: string) => boolean): boolean => files.some(({ name }) => is(name));
  if (isTinyImagenet(files)) return "tiny-imagenet";
  if (has((name) => idxName(name)?.what === "images")) return "idx";
  if (has(isCifarName)) return "cifar";
  const shards = files.filter(({ name }) => isShardName(name));
  if (has((name) => isParquetName(name) && !isAboutShard(name, shards))) return "parquet";
  const pictures = files.filter(({ name }) => isImageName(name));
  if (shards.length > 0 && bytesOf(shards) > bytesOf(pictures) && listing.kind === "folder")
    return "webdataset";
  if (pictures.length > 0) return hasSamples(listing, pictures) ? "webdataset" : "pictures";
  if (files.some(isCifarFile)) return "cifar";
  if (has((name) => /\.np[yz]$/i.test(name))) return "npy";
  return has(isOtherPicture) ? "pictures" : undefined;
}

/**
 * What a single file is, by its content where that decides it.
 *
 * @param head     first bytes of the file, and of what it unpacks to where it is gzipped
 */
export function kindOfFile(
  file: Pick<ListedFile, "name" | "size">,
  head: Uint8Array,
  unpacked: Uint8Array,
): Kind | undefined {
  const { name } = file;
  if (isIdx(isGzip(head) ? unpacked : head) || idxName(name)?.what === "images") return "idx";
  if (isNpy(head) || /\.np[yz]$/i.test(name)) return "npy";
  if (/\.parquet$/i.test(name) || new TextDecoder("latin1").decode(head.subarray(0, 4)) === "PAR1")
    return "parquet";
  if (isCifarFile(file)) return "cifar";
  return isImageName(name) ? "pictures" : undefined;
}

/** Whether a file is about a shard of the same name: `00000.parquet` next to `00000.tar`, as img2dataset writes them. */
function isAboutShard(name: string, shards: readonly ListedFile[]): boolean {
  const stem = (one: string): string => one.replace(/\.(parquet|tar|tar\.gz|tgz)$/i, "");
  return shards.some((shard) => stem(shard.name) === stem(name));
}

function bytesOf(files: readonly ListedFile[]): number {
  return files.reduce((sum, { size }) => sum + size, 0);
}

function isTinyImagenet(files: readonly ListedFile[]): boolean {
  const list = files.find(({ name }) => baseOf(name) === "wnids.txt");
  if (!list) return false;
  const folder = folderOf(list.name);
  return files.some(({ name }) =>
    ["train/", "val/", "test/"].some((split) => name.startsWith(folder + split)),
  );
}

/** Whether pictures have their label in a file of the same key: `.cls`, in a TAR also `.json`. */
function hasSamples({ files, packing }: Listing, pictures: readonly ListedFile[]): boolean {
  const ending = packing === "tar" ? /\.(cls|json)$/i : /\.cls$/i;
  const about = files.filter(({ name }) => ending.test(name));
  if (about.length === 0) return false;
  const keys = new Set(pictures.map(({ name }) => sampleKey(name)?.[0]));
  return about.some(({ name }) => keys.has(sampleKey(name)?.[0]));
}
