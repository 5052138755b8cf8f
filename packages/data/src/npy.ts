import { fail } from "@ddpm/core";

/** An array from a NumPy file. */
export interface Npy {
  readonly shape: readonly number[];
  /** Whole numbers of 8 bits for pictures, of up to 64 for labels, row-major; a view of the file's bytes. */
  readonly data: Uint8Array;
  /** NumPy's own letters: `|u1`, `<i8` … */
  readonly type: string;
}

const INTEGER = /^(?:[|<>=]?[ui]1|[<>=][ui][248])$/;

/** Whether bytes begin as a `.npy` file does. */
export function isNpy(bytes: Uint8Array): boolean {
  return [0x93, 0x4e, 0x55, 0x4d, 0x50, 0x59].every((byte, i) => bytes[i] === byte);
}

/**
 * Reads a `.npy` file of whole numbers, versions 1 to 3, in C order.
 *
 * Source: NumPy, `numpy.lib.format`.
 *
 * @param file what messages call the file
 * @throws DdpmError naming the file: another format, another element type, Fortran order, a length that does not fit
 */
export function parseNpy(bytes: Uint8Array, file: string): Npy {
  const refuse = (what: string, hint?: string): never => fail("data/npy", `${file}: ${what}.`, hint);
  if (!isNpy(bytes)) refuse("does not begin as a NumPy array file does");
  const version = bytes[6] ?? 0;
  if (version < 1 || version > 3) refuse(`has version ${version}, expected 1 to 3`);
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.length);
  const start = version === 1 ? 10 : 12;
  if (bytes.length < start) refuse("ends within its header");
  const end = start + (version === 1 ? view.getUint16(8, true) : view.getUint32(8, true));
  if (end > bytes.length || end > 2 ** 16 + start) refuse("ends within its header");
  const header = new TextDecoder().decode(bytes.subarray(start, end));
  const type = /'descr':\s*'([^']{1,16})'/.exec(header)?.[1];
  const order = /'fortran_order':\s*(True|False)/.exec(header)?.[1];
  const sizes = /'shape':\s*\(([\d,\s]*)\)/.exec(header)?.[1];
  if (type === undefined || order === undefined || sizes === undefined) {
    return refuse("has a header without a plain descr, fortran_order and shape");
  }
  if (!INTEGER.test(type)) refuse(`holds elements ${type}, expected whole numbers`, "Save it as uint8.");
  if (order === "True") refuse("is in Fortran order", "Save numpy.ascontiguousarray of it.");
  const shape = sizes.split(",").flatMap((size) => (size.trim() === "" ? [] : [Number(size)]));
  if (!shape.every(Number.isSafeInteger)) refuse(`has the shape (${sizes}), expected whole numbers`);
  const claimed = shape.reduce((product, size) => product * BigInt(size), BigInt(type.at(-1)!));
  const held = bytes.length - end;
  if (claimed !== BigInt(held))
    refuse(`claims [${shape.join(", ")}] of ${type}, ${claimed} bytes, and holds ${held}`);
  return { shape, data: bytes.subarray(end), type };
}

/**
 * The whole numbers of an array of labels, from 0 to 2^31 − 1.
 *
 * @throws DdpmError naming the file and a label outside
 */
export function npyLabels({ shape, data, type }: Npy, file: string): Int32Array {
  const bytes = Number(type.at(-1));
  const signed = type.at(-2) === "i";
  const little = !type.startsWith(">");
  const view = new DataView(data.buffer, data.byteOffset, data.length);
  const read = (at: number): number => {
    if (bytes === 1) return signed ? view.getInt8(at) : view.getUint8(at);
    if (bytes === 2) return signed ? view.getInt16(at, little) : view.getUint16(at, little);
    if (bytes === 4) return signed ? view.getInt32(at, little) : view.getUint32(at, little);
    return Number(signed ? view.getBigInt64(at, little) : view.getBigUint64(at, little));
  };
  return Int32Array.from({ length: shape.reduce((a, b) => a * b, 1) }, (_, i) => {
    const label = read(i * bytes);
    if (label >= 0 && label < 2 ** 31) return label;
    return fail("data/npy", `${file}: label ${label} of image ${i}, expected 0 to ${2 ** 31 - 1}.`);
  });
}
