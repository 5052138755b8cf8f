import { type ByteSource, checkPart } from "../bytes/byte-source.ts";

/** A {@link ByteSource} of bytes that came in pieces, without joining them. */
export function chunksSource(name: string, chunks: readonly Uint8Array[]): ByteSource {
  const starts = [0];
  for (const { length } of chunks) starts.push(starts.at(-1)! + length);
  const size = starts.at(-1)!;
  return {
    name,
    size,
    async read(start, length) {
      checkPart({ name, size }, start, length);
      const bytes = new Uint8Array(length);
      let [low, high] = [0, chunks.length];
      while (high - low > 1) {
        const middle = (low + high) >> 1;
        if (starts[middle]! <= start) low = middle;
        else high = middle;
      }
      for (let at = 0; at < length; low++) {
        const part = chunks[low]!.subarray(start + at - starts[low]!, start + length - starts[low]!);
        bytes.set(part, at);
        at += part.length;
      }
      return bytes;
    },
  };
}
