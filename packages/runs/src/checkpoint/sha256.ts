import { bytesOf } from "../storage/content.ts";
import type { RunStorage } from "../storage/storage.ts";

/** SHA-256 of bytes in pieces, in hex. */
export async function sha256(
  { sha256 }: Pick<RunStorage, "sha256">,
  pieces: readonly Uint8Array[],
): Promise<string> {
  if (sha256) return sha256(pieces);
  const digest = await crypto.subtle.digest("SHA-256", bytesOf(pieces));
  return Array.from(new Uint8Array(digest), (byte) => byte.toString(16).padStart(2, "0")).join("");
}
