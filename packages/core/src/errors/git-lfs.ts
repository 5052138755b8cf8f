import type { ErrorPlace } from "./errors.ts";
import { fail } from "./errors.ts";

/** Largest pointer. Source: Git LFS specification, "The Pointer": less than 1024 bytes. */
export const GIT_LFS_POINTER_BYTES = 1024;

/** First lines of a pointer: of the specification, and of the pre-release that it still accepts. */
const BEGINNING = /^version https:\/\/(git-lfs|hawser)\.github\.com\/spec\//;

/** Whether bytes are a Git LFS pointer: the small text that stands in for a file until Git LFS fetches it. */
export function isGitLfsPointer(bytes: Uint8Array): boolean {
  if (bytes.length >= GIT_LFS_POINTER_BYTES || bytes[0] !== 0x76) return false;
  return BEGINNING.test(new TextDecoder("latin1").decode(bytes.subarray(0, 64)));
}

/**
 * Refuses a Git LFS pointer where a file's content was expected.
 *
 * @param where package and file, e.g. `data/files`
 * @param bytes of the whole file
 * @param file  what messages call the file
 * @throws DdpmError naming the file, with `git lfs pull` as what to do
 */
export function refuseGitLfsPointer(where: ErrorPlace, bytes: Uint8Array, file: string): void {
  if (!isGitLfsPointer(bytes)) return;
  fail(
    where,
    `${file} is a Git LFS pointer, not the file itself.`,
    "Run `git lfs pull` in the repository to fetch the files.",
  );
}
