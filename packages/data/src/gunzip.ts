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
  const source = new Blob([bytes as Uint8Array<ArrayBuffer>]).stream();
  const unpacked = source.pipeThrough(new DecompressionStream("gzip")).getReader();
  const chunks: Uint8Array[] = [];
  let length = 0;
  for (;;) {
    const { value, done } = await unpacked.read().catch((cause: unknown) => {
      const why = cause instanceof Error ? cause.message : String(cause);
      return fail("data/gzip", `${file}: does not unpack (${why}).`, "Download it again.", { cause });
    });
    if (done) break;
    length += value.length;
    if (length > limit) {
      await unpacked.cancel();
      fail("data/gzip", `${file}: unpacks to more than ${limit} bytes.`);
    }
    chunks.push(value);
  }
  const whole = new Uint8Array(length);
  let at = 0;
  for (const chunk of chunks) {
    whole.set(chunk, at);
    at += chunk.length;
  }
  return whole;
}
