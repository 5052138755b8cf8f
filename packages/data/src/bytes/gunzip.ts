import { fail } from "@ddpm/core";
import { Inflate, type ZStream } from "pako";

/** zlib's `windowBits`: the largest window, in a gzip wrapper. */
const GZIP_ONLY = 31;

/** Whether bytes begin as a gzip file does. */
export function isGzip(bytes: Uint8Array): boolean {
  return bytes[0] === 0x1f && bytes[1] === 0x8b;
}

/**
 * Unpacks gzip, all its members; zero bytes between and behind them are padding. By pako rather than the platform's
 * `DecompressionStream`, which takes other files in each version of Node and in each browser.
 *
 * Source: RFC 1952; gzip manual, "Advanced usage" (members), "Tapes" (padding).
 *
 * @param file  what messages call the file
 * @param limit most bytes to unpack: a small file can claim to hold a large one
 * @throws DdpmError for a truncated or damaged file, other bytes behind the last member, or a file beyond the limit
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

/** {@link gunzip}, in chunks: neither the packed nor the unpacked bytes are ever joined. */
export function gunzipChunks(
  packed: { stream(): ReadableStream<Uint8Array> },
  file: string,
  limit: number,
): Promise<Uint8Array[]> {
  return gunzipStream(piecesOf(packed), file, limit);
}

/** {@link gunzipChunks} of bytes that come in pieces. */
async function gunzipStream(
  packed: AsyncIterable<Uint8Array>,
  file: string,
  limit: number,
): Promise<Uint8Array[]> {
  const unpacked = gzipMembers(file, limit);
  for await (const piece of packed) unpacked.push(piece);
  return unpacked.end();
}

/** Not every browser iterates over a stream. */
async function* piecesOf(blob: { stream(): ReadableStream<Uint8Array> }): AsyncGenerator<Uint8Array> {
  const reader = blob.stream().getReader();
  try {
    for (let read = await reader.read(); !read.done; read = await reader.read()) yield read.value;
  } finally {
    await reader.cancel();
  }
}

/** Unpacks the members of a gzip file, whose bytes are pushed in pieces. */
function gzipMembers(file: string, limit: number): { push(bytes: Uint8Array): void; end(): Uint8Array[] } {
  const chunks: Uint8Array[] = [];
  let length = 0;
  let [member, input]: [Inflate | undefined, ZStream | undefined] = [undefined, undefined];
  const refuse = (why: string): never =>
    fail("data/gunzip", `${file}: does not unpack (${why}).`, "Download it again.");
  const begun = (): Inflate => {
    const inflate = new Inflate({ windowBits: GZIP_ONLY });
    inflate.onStart = (stream) => {
      input = stream;
    };
    inflate.onData = (chunk) => {
      length += chunk.length;
      if (length > limit) fail("data/gunzip", `${file}: unpacks to more than ${limit} bytes.`);
      chunks.push(chunk);
    };
    inflate.onEnd = () => {};
    return inflate;
  };
  return {
    push(bytes) {
      for (let rest = bytes; ; ) {
        if (!member) {
          const next = rest.findIndex((byte) => byte !== 0);
          if (next < 0) return;
          rest = rest.subarray(next);
          member = begun();
        }
        member.push(rest, false);
        if (member.err)
          refuse(member.msg === "incorrect header check" ? "bytes that are not gzip" : member.msg);
        if (!member.ended) return;
        rest = rest.subarray(rest.length - (input?.avail_in ?? 0));
        member = undefined;
      }
    },
    end() {
      if (member || !input) refuse("unexpected end of file");
      return chunks;
    },
  };
}
