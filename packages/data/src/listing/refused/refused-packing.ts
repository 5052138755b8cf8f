import { fail } from "@ddpm/core";
import { isGzip } from "../../bytes/gunzip.ts";

const PACKINGS: readonly (readonly [bytes: readonly number[], what: string])[] = [
  [[0x42, 0x5a, 0x68], "packed with bzip2"],
  [[0xfd, 0x37, 0x7a, 0x58, 0x5a], "packed with xz"],
  [[0x28, 0xb5, 0x2f, 0xfd], "packed with Zstandard"],
  [[0x37, 0x7a, 0xbc, 0xaf, 0x27, 0x1c], "a 7z archive"],
  [[0x52, 0x61, 0x72, 0x21, 0x1a, 0x07], "a RAR archive"],
];

/**
 * Refuses a file that is packed in a way that is not read, by its first bytes.
 *
 * @param head  first bytes of the file
 * @param inner first bytes of what it unpacks to where it is gzipped, else its own
 * @throws DdpmError naming the file and the packing; returns for anything else
 */
export function refusePacking(path: string, head: Uint8Array, inner: Uint8Array): void {
  const begins = (bytes: Uint8Array, with_: readonly number[]): boolean =>
    with_.every((byte, i) => bytes[i] === byte);
  const packing = PACKINGS.find(([bytes]) => begins(head, bytes));
  const zip = isGzip(head) && begins(inner, [0x50, 0x4b, 0x03, 0x04]);
  const what = packing?.[1] ?? (zip ? "a gzipped ZIP archive" : undefined);
  if (what === undefined) return;
  fail(
    "data/archive",
    `${path} is ${what}, which is not supported; expected a ZIP, a TAR or a gzipped TAR.`,
    zip ? "Unpack it with gunzip, and give the ZIP." : "Unpack it, and give the folder.",
  );
}
