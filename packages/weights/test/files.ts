import * as fc from "fast-check";
import { DTYPE_NAMES, type DType } from "../src/authoring.ts";
import { DTYPES } from "../src/dtypes.ts";
import type { SafeTensor } from "../src/index.ts";

/** A file from a header's text (or bytes) and data, with no check at all. */
export function file(header: string | Uint8Array, data: Uint8Array | number = 0): Uint8Array {
  const text = typeof header === "string" ? new TextEncoder().encode(header) : header;
  const body = typeof data === "number" ? new Uint8Array(data) : data;
  const bytes = new Uint8Array(8 + text.length + body.length);
  new DataView(bytes.buffer).setBigUint64(0, BigInt(text.length), true);
  bytes.set(text, 8);
  bytes.set(body, 8 + text.length);
  return bytes;
}

/** A tensor of random bits. */
const tensor: fc.Arbitrary<SafeTensor> = fc
  .tuple(fc.constantFrom(...DTYPE_NAMES), fc.array(fc.nat(4), { maxLength: 3 }), fc.nat())
  .map(([dtype, shape, seed]) => tensorOf(dtype, shape, seed));

export function tensorOf(dtype: DType, shape: number[], seed: number): SafeTensor {
  const ArrayClass = DTYPES[dtype];
  const count = shape.reduce((product, size) => product * size, 1);
  const bytes = Uint8Array.from({ length: count * ArrayClass.BYTES_PER_ELEMENT }, (_, i) => {
    const bit = Math.imul(seed + i, 0x9e3779b1) >>> 24;
    return dtype === "BOOL" ? bit & 1 : bit;
  });
  return { dtype, shape, data: new ArrayClass(bytes.buffer, 0, count) } as SafeTensor;
}

const name = fc
  .string({ unit: "grapheme", maxLength: 12 })
  .filter((text) => text !== "__proto__" && text !== "__metadata__");

export const records: fc.Arbitrary<Record<string, SafeTensor>> = fc.dictionary(name, tensor, {
  maxKeys: 8,
  noNullPrototype: true,
});

export const notes: fc.Arbitrary<Record<string, string>> = fc.dictionary(
  name,
  fc.string({ unit: "grapheme" }),
  { noNullPrototype: true },
);

/** Raw bytes of a tensor's data. */
export function bytesOf({ data }: SafeTensor): Uint8Array {
  return new Uint8Array(data.buffer, data.byteOffset, data.byteLength);
}
