import { gzipSync } from "node:zlib";

/** Side of the pictures, how many there are, and in how many classes. */
export const IDX = { side: 12, count: 96, classes: 3 } as const;

/** A small IDX pair: bright stripes at heights that tell the class. */
export function idxFiles(): Readonly<Record<string, Uint8Array>> {
  const { side, count, classes } = IDX;
  const images = new Uint8Array(16 + count * side * side);
  const head = new DataView(images.buffer);
  for (const [i, value] of [0x803, count, side, side].entries()) head.setUint32(4 * i, value);
  const labels = new Uint8Array(8 + count);
  for (const [i, value] of [0x801, count].entries()) new DataView(labels.buffer).setUint32(4 * i, value);
  for (let k = 0; k < count; k++) {
    const label = k % classes;
    labels[8 + k] = label;
    const from = 16 + (k * side + 4 * label) * side;
    images.fill(150 + (k % 100), from, from + 3 * side);
  }
  return {
    "train-images-idx3-ubyte.gz": gzipSync(images),
    "train-labels-idx1-ubyte.gz": gzipSync(labels),
  };
}
