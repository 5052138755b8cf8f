/** An IDX file of unsigned bytes. */
export function idxBytes(shape: readonly number[], data: Iterable<number>): Uint8Array {
  const header = new Uint8Array(4 + 4 * shape.length);
  header.set([0, 0, 8, shape.length]);
  shape.forEach((size, axis) => {
    new DataView(header.buffer).setUint32(4 + 4 * axis, size);
  });
  return Uint8Array.from([...header, ...data]);
}

/** 0, 1, 2 … modulo 251, so that rows and images differ. */
export function ramp(count: number): Uint8Array {
  return Uint8Array.from({ length: count }, (_, i) => i % 251);
}
