import { fail } from "@ddpm/core";

/** Whether bytes begin as a gzip file does. */
export function isGzip(bytes: Uint8Array): boolean {
  return bytes[0] === 0x1f && bytes[1] === 0x8b;
}

/**
 * Unpacks gzip with the platform's own `DecompressionStream`.
 *
 * @param file  what messages call the file
 * @param limit most bytes to unpack: a small file can claim to hold a large one
 * @throws DdpmError for a truncated or damaged file, or one beyond the limit
 */
export async function gunzip(bytes: Uint8Array, file: string, limit: number = 2 ** 31): Promise<Uint8Array> {
  const chunks = await gunzipChunks(new Blob([bytes as Uint8Array<ArrayBuffer>]), file, limit);
  const whole = new Uint8Array(chunks.reduce((sum, { length }) => sum + length, 0));
  let at = 0;
  for (const chunk of chunks) {
    whole.set(chunk, at);
    at += chunk.length;
  }
  return whole;
}

/** {@link gunzip}, in the pieces that come: neither the packed nor the unpacked bytes are ever joined. */
export async function gunzipChunks(packed: Blob, file: string, limit: number): Promise<Uint8Array[]> {
  const unpacked = packed.stream().pipeThrough(new DecompressionStream("gzip")).getReader();
  const chunks: Uint8Array[] = [];
  let length = 0;
  for (;;) {
    const { value, done } = await unpacked.read().catch((cause: unknown) => {
      const why = cause instanceof Error ? cause.message : String(cause);
      return fail("data/gzip", `${file}: does not unpack (${why}).`, "Download it again.", { cause });
    });
    if (done) return chunks;
    length += value.length;
    if (length > limit) {
      await unpacked.cancel();
      fail("data/gzip", `${file}: unpacks to more than ${limit} bytes.`);
    }
    chunks.push(value);
  }
}
