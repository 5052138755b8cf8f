import { createHash } from "node:crypto";
import type { Params } from "@ddpm/core";

/** Follows every name and value of some weights; 16 hexadecimal digits. */
export async function hashOfWeights(params: Params): Promise<string> {
  const hash = createHash("sha256");
  for (const name of Object.keys(params).sort())
    hash.update(name).update(bytesOf(await params[name]!.data()));
  return hash.digest("hex").slice(0, 16);
}

/** Follows every value; 16 hexadecimal digits. */
export function hashOfValues(...arrays: readonly ArrayBufferView[]): string {
  const hash = createHash("sha256");
  for (const array of arrays) hash.update(bytesOf(array));
  return hash.digest("hex").slice(0, 16);
}

function bytesOf({ buffer, byteOffset, byteLength }: ArrayBufferView): Uint8Array {
  return new Uint8Array(buffer, byteOffset, byteLength);
}
