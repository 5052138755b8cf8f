import { bytesOf } from "../storage/content.ts";
import type { RunStorage } from "../storage/storage.ts";

/**
 * SHA-256 of bytes in pieces, in hex.
 *
 * @param storage hashes itself where it can do so faster
 */
export async function sha256(
  pieces: readonly Uint8Array[],
  storage: Pick<RunStorage, "sha256"> = {},
): Promise<string> {
  if (storage.sha256) return storage.sha256(pieces);
  const digest = await crypto.subtle.digest("SHA-256", bytesOf(pieces));
  return Array.from(new Uint8Array(digest), (byte) => byte.toString(16).padStart(2, "0")).join("");
}
