/** A value of Thrift's compact protocol; whole numbers of 64 bits, as all others, are numbers where they fit. */
export type ThriftValue = number | boolean | Uint8Array | readonly ThriftValue[] | ThriftStruct;

/** Fields by number. */
export type ThriftStruct = { readonly [field: number]: ThriftValue };

/** Nesting deeper than any Parquet file has. */
const DEPTH = 40;

/**
 * Reads a struct of Thrift's compact protocol. Time and memory grow with the bytes alone, whatever they claim.
 *
 * Source: Apache Thrift, "Thrift compact protocol".
 *
 * @returns the struct and where it ends
 * @throws Error for bytes that end early, a list longer than the bytes, nesting beyond 40, another type
 */
export function readThrift(
  bytes: Uint8Array,
  start = 0,
): { readonly value: ThriftStruct; readonly end: number } {
  let at = start;
  const byte = (): number => {
    if (at >= bytes.length) throw new Error("a Thrift struct that ends early");
    return bytes[at++]!;
  };
  const varint = (): number => {
    let [value, scale] = [0, 1];
    for (let i = 0; i < 10; i++) {
      const part = byte();
      value += (part & 0x7f) * scale;
      if (part < 0x80) return value;
      scale *= 128;
    }
    throw new Error("a Thrift number of more than 10 bytes");
  };
  const zigzag = (): number => {
    const value = varint();
    return value % 2 === 0 ? value / 2 : -(value + 1) / 2;
  };
  const skip = (length: number): Uint8Array => {
    if (length > bytes.length - at)
      throw new Error(`a Thrift value of ${length} bytes in ${bytes.length - at}`);
    at += length;
    return bytes.subarray(at - length, at);
  };
  const list = (depth: number): ThriftValue[] => {
    const head = byte();
    const length = head >> 4 === 15 ? varint() : head >> 4;
    if (length > bytes.length - at)
      throw new Error(`a Thrift list of ${length} in ${bytes.length - at} bytes`);
    const kind = head & 15;
    return Array.from({ length }, () => (kind <= 2 ? byte() === 1 : element(kind, depth)));
  };
  const element = (kind: number, depth: number): ThriftValue => {
    if (kind === 1 || kind === 2) return kind === 1;
    if (kind === 3) return (byte() << 24) >> 24;
    if (kind >= 4 && kind <= 6) return zigzag();
    if (kind === 7) return skip(8);
    if (kind === 8) return skip(varint());
    if (kind === 9 || kind === 10) return list(depth);
    if (kind === 12) return struct(depth + 1);
    throw new Error(`a Thrift value of type ${kind}`);
  };
  const struct = (depth: number): ThriftStruct => {
    if (depth > DEPTH) throw new Error("Thrift structs nested too deeply");
    const fields: Record<number, ThriftValue> = {};
    for (let field = 0; ; ) {
      const head = byte();
      if ((head & 15) === 0) return fields;
      field = head >> 4 === 0 ? zigzag() : field + (head >> 4);
      fields[field] = element(head & 15, depth);
    }
  };
  return { value: struct(0), end: at };
}
