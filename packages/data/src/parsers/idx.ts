import { fail } from "@ddpm/core";
import { refuseGitLfsPointer } from "@ddpm/core/authoring";
import { gunzip, isGzip } from "../bytes/gunzip.ts";

/** The element types of the format, as its files' names call them. */
export type IdxType = "ubyte" | "byte" | "short" | "int" | "float" | "double";

/** An array from an IDX file. */
export interface Idx {
  /** E.g. [60000, 28, 28] for images, [60000] for labels. */
  readonly shape: readonly number[];
  /** Row-major, as stored: numbers of several bytes have the highest first. A view of the file's bytes. */
  readonly data: Uint8Array;
  /** `ubyte` unless given. */
  readonly type?: IdxType | undefined;
}

interface Element {
  readonly type: IdxType;
  readonly bytes: number;
  readonly about: string;
}

/** The element types by their byte in the magic number. */
const TYPES: Readonly<Record<number, Element>> = {
  8: { type: "ubyte", bytes: 1, about: "unsigned bytes" },
  9: { type: "byte", bytes: 1, about: "signed bytes" },
  11: { type: "short", bytes: 2, about: "16-bit whole numbers" },
  12: { type: "int", bytes: 4, about: "32-bit whole numbers" },
  13: { type: "float", bytes: 4, about: "32-bit floats" },
  14: { type: "double", bytes: 8, about: "64-bit floats" },
};

/** What messages call an element type. */
export function idxTypeName(type: IdxType = "ubyte"): string {
  return Object.values(TYPES).find((one) => one.type === type)!.about;
}

/** Whether bytes begin as an (unpacked) IDX file does: two zeros, a type, a rank. */
export function isIdx(bytes: Uint8Array): boolean {
  return bytes.length >= 4 && bytes[0] === 0 && bytes[1] === 0 && bytes[2]! in TYPES && bytes[3]! > 0;
}

/**
 * Reads an IDX file, as the MNIST family uses; plain or gzipped.
 *
 * Source: "The MNIST database", section File formats.
 *
 * @param file what messages call the file
 * @throws DdpmError naming the file: damaged gzip, wrong magic number, sizes that do not fit the bytes
 */
export async function readIdx(bytes: Uint8Array, file: string): Promise<Idx> {
  return parseIdx(isGzip(bytes) ? await gunzip(bytes, file) : bytes, file);
}

/** {@link readIdx} for bytes that are not gzipped. */
export function parseIdx(bytes: Uint8Array, file: string): Idx {
  const refuse = (what: string, hint?: string): never => fail("data/idx", `${file}: ${what}.`, hint);
  refuseGitLfsPointer("data/idx", bytes, file);
  if (XZ.every((byte, i) => bytes[i] === byte))
    refuse("is packed with xz, which is not supported", "Unpack it with unxz.");
  if (bytes.length < 4) refuse(`${bytes.length} bytes, expected an IDX file, which has at least 8`);
  if (!isIdx(bytes)) {
    const magic = [...bytes.subarray(0, 4)].map((byte) => byte.toString(16).padStart(2, "0")).join(" ");
    refuse(`begins with ${magic}, expected 00 00 08 and the number of sizes`);
  }
  const [element, rank] = [TYPES[bytes[2]!]!, bytes[3]!];
  const start = 4 + 4 * rank;
  if (bytes.length < start) refuse(`ends after ${bytes.length} bytes, within its ${rank} sizes`);
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.length);
  const shape = Array.from({ length: rank }, (_, axis) => view.getUint32(4 + 4 * axis));
  const claimed = shape.reduce((product, size) => product * BigInt(size), BigInt(element.bytes));
  const held = bytes.length - start;
  if (claimed !== BigInt(held)) {
    const kind = claimed > BigInt(held) ? "it must be truncated" : "it must be another file's header";
    const of = element.bytes > 1 ? ` of ${element.about}` : "";
    refuse(`claims ${shape.join("×")}${of} = ${claimed} bytes and holds ${held}, ${kind}`);
  }
  return { shape, data: bytes.subarray(start), type: element.type };
}

/** Source: The .xz File Format, "Stream Header". */
const XZ = [0xfd, 0x37, 0x7a, 0x58, 0x5a, 0x00];

/** Columns of QMNIST's labels: the class, and where each picture comes from. Source: Yadav and Bottou 2019. */
const QMNIST_COLUMNS = 8;

/**
 * The labels of an IDX array: [N] or [N, 1] whole numbers of any width, or QMNIST's [N, 8], whose first column is the class.
 *
 * @param where what messages call the file or the set
 * @throws DdpmError for floats, another shape, a negative label
 */
export function idxLabels({ shape, data, type = "ubyte" }: Idx, where: string): Int32Array {
  const [length = 0, columns = 1] = shape;
  const refuse = (what: string): never => fail("data/idx", `${where}: ${what}.`);
  if (type === "float" || type === "double")
    refuse(`labels are ${idxTypeName(type)}, expected whole numbers`);
  const plain = shape.length === 1 || (shape.length === 2 && columns === 1);
  if (!plain && !(shape.length === 2 && columns === QMNIST_COLUMNS))
    refuse(`labels of shape [${shape.join(", ")}], expected [N], or QMNIST's [N, ${QMNIST_COLUMNS}]`);
  const view = new DataView(data.buffer, data.byteOffset, data.length);
  const size = type === "int" ? 4 : type === "short" ? 2 : 1;
  const at = (index: number): number => {
    if (type === "int") return view.getInt32(index);
    if (type === "short") return view.getInt16(index);
    return type === "byte" ? view.getInt8(index) : view.getUint8(index);
  };
  return Int32Array.from({ length }, (_, i) => {
    const label = at(i * columns * size);
    return label < 0 ? refuse(`label ${label} of image ${i}, expected a whole number from 0`) : label;
  });
}
