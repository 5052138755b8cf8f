import { fail } from "@ddpm/core";
import { gunzip, isGzip } from "./gunzip.ts";

/** An array of bytes from an IDX file. */
export interface Idx {
  /** E.g. [60000, 28, 28] for images, [60000] for labels. */
  readonly shape: readonly number[];
  /** Row-major; a view of the file's bytes. */
  readonly data: Uint8Array;
}

/** The element types of the format, by their byte in the magic number. */
const TYPES: Readonly<Record<number, string>> = {
  8: "unsigned bytes",
  9: "signed bytes",
  11: "16-bit numbers",
  12: "32-bit numbers",
  13: "floats",
  14: "doubles",
};

/** Whether bytes begin as an (unpacked) IDX file does: two zeros, a type, a rank. */
export function isIdx(bytes: Uint8Array): boolean {
  return bytes.length >= 4 && bytes[0] === 0 && bytes[1] === 0 && bytes[2]! in TYPES && bytes[3]! > 0;
}

/**
 * Reads an IDX file of unsigned bytes, as the MNIST family uses; plain or gzipped.
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
  const refuse = (what: string): never => fail("data/idx", `${file}: ${what}.`);
  if (bytes.length < 4) refuse(`${bytes.length} bytes, expected an IDX file, which has at least 8`);
  if (!isIdx(bytes)) {
    const magic = [...bytes.subarray(0, 4)].map((byte) => byte.toString(16).padStart(2, "0")).join(" ");
    refuse(`begins with ${magic}, expected 00 00 08 and the number of sizes`);
  }
  const [type, rank] = [bytes[2]!, bytes[3]!];
  if (type !== 8) refuse(`holds ${TYPES[type]}, expected ${TYPES[8]}`);
  const start = 4 + 4 * rank;
  if (bytes.length < start) refuse(`ends after ${bytes.length} bytes, within its ${rank} sizes`);
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.length);
  const shape = Array.from({ length: rank }, (_, axis) => view.getUint32(4 + 4 * axis));
  const claimed = shape.reduce((product, size) => product * BigInt(size), 1n);
  const held = bytes.length - start;
  if (claimed !== BigInt(held)) {
    const kind = claimed > BigInt(held) ? "it must be truncated" : "it must be another file's header";
    refuse(`claims ${shape.join("×")} = ${claimed} bytes and holds ${held}, ${kind}`);
  }
  return { shape, data: bytes.subarray(start) };
}
