import { fail } from "@ddpm/core";
import { refuseGitLfsPointer } from "@ddpm/core/authoring";
import { oneHotLabel } from "../labels/one-hot.ts";

/** An array from a NumPy file. */
export interface Npy {
  readonly shape: readonly number[];
  /** Elements as stored, row-major; a view of the file's bytes, or a copy where these are in Fortran order. */
  readonly data: Uint8Array;
  /** NumPy's own letters: `|u1`, `<i8` … */
  readonly type: string;
}

/** Whole numbers, floats and booleans; the last digit is the bytes of an element. */
const NUMBER = /^(?:[|<>=]?[uib]1|[<>=][ui][248]|[<>=]f[48])$/;

/** What NumPy's letters of other elements mean. */
const OTHERS: Readonly<Record<string, string>> = {
  O: "Python objects",
  U: "text",
  S: "text",
  V: "records",
  c: "complex numbers",
  f: "floats of another size",
  M: "dates",
  m: "durations",
};

/** Whether bytes begin as a `.npy` file does. */
export function isNpy(bytes: Uint8Array): boolean {
  return [0x93, 0x4e, 0x55, 0x4d, 0x50, 0x59].every((byte, i) => bytes[i] === byte);
}

/**
 * Reads a `.npy` file of numbers or booleans, versions 1 to 3, as Python 2 and 3 write them; Fortran order becomes row-major.
 *
 * Source: NumPy, `numpy.lib.format`; its headers of Python 2 write sizes as `6L`.
 *
 * @param file what messages call the file
 * @throws DdpmError naming the file: another format, another element type, a length that does not fit
 */
export function parseNpy(bytes: Uint8Array, file: string): Npy {
  const refuse = (what: string, hint?: string): never => fail("data/npy", `${file}: ${what}.`, hint);
  refuseGitLfsPointer("data/npy", bytes, file);
  if (!isNpy(bytes)) refuse("does not begin as a NumPy array file does");
  const version = bytes[6] ?? 0;
  if (version < 1 || version > 3) refuse(`has version ${version}, expected 1 to 3`);
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.length);
  const start = version === 1 ? 10 : 12;
  if (bytes.length < start) refuse("ends within its header");
  const end = start + (version === 1 ? view.getUint16(8, true) : view.getUint32(8, true));
  if (end > bytes.length || end > 2 ** 16 + start) refuse("ends within its header");
  const header = new TextDecoder().decode(bytes.subarray(start, end));
  if (/['"]descr['"]:\s*\[/.test(header))
    refuse("holds records of several fields, which are not supported", "Save one field as its own array.");
  const type = /['"]descr['"]:\s*[ub]?['"]([^'"]{1,16})['"]/.exec(header)?.[1];
  const order = /['"]fortran_order['"]:\s*(True|False)/.exec(header)?.[1];
  const sizes = /['"]shape['"]:\s*\(([\dL,\s]*)\)/.exec(header)?.[1];
  if (type === undefined || order === undefined || sizes === undefined) {
    return refuse("has a header without a plain descr, fortran_order and shape");
  }
  if (!NUMBER.test(type)) {
    const kind = OTHERS[type.replace(/^[|<>=]/, "")[0] ?? ""] ?? "not numbers";
    refuse(
      `holds elements ${type} (${kind}), which are not supported`,
      "Save pictures as uint8, labels as int64.",
    );
  }
  const shape = sizes
    .split(",")
    .flatMap((size) => (size.trim() === "" ? [] : [Number(size.trim().replace(/L$/, ""))]));
  if (!shape.every(Number.isSafeInteger)) refuse(`has the shape (${sizes}), expected whole numbers`);
  const element = Number(type.at(-1)!);
  const claimed = shape.reduce((product, size) => product * BigInt(size), BigInt(element));
  const held = bytes.length - end;
  if (claimed !== BigInt(held))
    refuse(`claims [${shape.join(", ")}] of ${type}, ${claimed} bytes, and holds ${held}`);
  const data = bytes.subarray(end);
  return { shape, data: order === "True" ? rowMajor(data, shape, element) : data, type };
}

/** Elements in the order of their last index, of elements in the order of their first. */
function rowMajor(data: Uint8Array, shape: readonly number[], element: number): Uint8Array {
  const strides = shape.map((_, axis) => shape.slice(0, axis).reduce((a, b) => a * b, element));
  const sorted = new Uint8Array(data.length);
  const index = shape.map(() => 0);
  for (let to = 0, from = 0; to < data.length; to += element) {
    for (let i = 0; i < element; i++) sorted[to + i] = data[from + i]!;
    for (let axis = shape.length - 1; axis >= 0; axis--) {
      from += strides[axis]!;
      if (++index[axis]! < shape[axis]!) break;
      from -= strides[axis]! * shape[axis]!;
      index[axis] = 0;
    }
  }
  return sorted;
}

/**
 * The classes of an array of labels, from 0 to 2^31 − 1: [N] or [N, 1] whole numbers (floats too where they are whole) or
 * booleans; or one-hot rows, [N, classes].
 *
 * @throws DdpmError naming the file and a label that is none of these
 */
export function npyLabels({ shape, data, type }: Npy, file: string): Int32Array {
  const [length = 1, columns = 1] = shape;
  const refuse = (what: string): never => fail("data/npy", `${file}: ${what}.`);
  if (shape.length > 2) refuse(`labels of shape [${shape.join(", ")}], expected [N] or one-hot [N, classes]`);
  const number = elements(data, type);
  return Int32Array.from({ length }, (_, i) => {
    if (columns > 1) {
      const row = Array.from({ length: columns }, (_, column) => number(i * columns + column));
      return oneHotLabel(row) ?? refuse(`row ${i} of the labels has not exactly one value that is not 0`);
    }
    const label = number(i);
    if (Number.isInteger(label) && label >= 0 && label < 2 ** 31) return label;
    return refuse(`label ${label} of image ${i}, expected a whole number from 0 to ${2 ** 31 - 1}`);
  });
}

/** Reads an element by its number. */
function elements(data: Uint8Array, type: string): (index: number) => number {
  const view = new DataView(data.buffer, data.byteOffset, data.length);
  const little = !type.startsWith(">");
  const readers: Readonly<Record<string, (at: number) => number>> = {
    b1: (at) => view.getUint8(at),
    u1: (at) => view.getUint8(at),
    i1: (at) => view.getInt8(at),
    u2: (at) => view.getUint16(at, little),
    i2: (at) => view.getInt16(at, little),
    u4: (at) => view.getUint32(at, little),
    i4: (at) => view.getInt32(at, little),
    u8: (at) => Number(view.getBigUint64(at, little)),
    i8: (at) => Number(view.getBigInt64(at, little)),
    f4: (at) => view.getFloat32(at, little),
    f8: (at) => view.getFloat64(at, little),
  };
  const read = readers[type.slice(-2)]!;
  const size = Number(type.at(-1));
  return (index) => read(index * size);
}
