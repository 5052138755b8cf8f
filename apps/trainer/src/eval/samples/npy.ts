import { parseNpy } from "@ddpm/data/authoring";

/**
 * Pictures as a NumPy file, which Python, `--against` and `ddpm train --data` read.
 *
 * Source: NumPy, `numpy.lib.format`, version 1.
 *
 * @param bytes [B, H, W, C], 0 … 255
 */
export function npyOf(bytes: Uint8Array, shape: readonly number[]): Uint8Array {
  const text = `{'descr': '|u1', 'fortran_order': False, 'shape': (${shape.join(", ")}), }`;
  const length = Math.ceil((11 + text.length) / 64) * 64;
  const file = new Uint8Array(length + bytes.length);
  file.set([0x93, ...new TextEncoder().encode("NUMPY"), 1, 0]);
  new DataView(file.buffer).setUint16(8, length - 10, true);
  file.set(new TextEncoder().encode(`${text.padEnd(length - 11)}\n`), 10);
  file.set(bytes, length);
  return file;
}

/** The bytes of such a file, or nothing where it holds another shape. */
export function bytesOf(file: Uint8Array, name: string, shape: readonly number[]): Uint8Array | undefined {
  const array = parseNpy(file, name);
  return array.type === "|u1" && array.shape.join() === shape.join() ? array.data : undefined;
}
