/**
 * Unpacks deflated bytes with the platform's own `DecompressionStream`.
 *
 * @param size most bytes to unpack
 * @throws Error for damaged bytes, or more than the size
 */
export async function inflate(bytes: Uint8Array, size: number): Promise<Uint8Array> {
  const source = new Blob([bytes as Uint8Array<ArrayBuffer>]).stream();
  const unpacked = source.pipeThrough(new DecompressionStream("deflate-raw")).getReader();
  const whole = new Uint8Array(size);
  let at = 0;
  for (;;) {
    const { value, done } = await unpacked.read();
    if (done) return whole.subarray(0, at);
    if (at + value.length > size) {
      await unpacked.cancel();
      throw new Error(`more than ${size} bytes`);
    }
    whole.set(value, at);
    at += value.length;
  }
}
