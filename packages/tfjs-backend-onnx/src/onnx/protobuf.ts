/**
 * The part of the protocol buffer wire format that ONNX models need: varints, 32-bit floats and length-delimited fields.
 * Nested messages are written in place: a length is reserved as a padded five-byte varint and filled in afterwards.
 */
export interface ProtoWriter {
  int(field: number, value: number): void;
  float(field: number, value: number): void;
  text(field: number, value: string): void;
  bytes(field: number, value: Uint8Array): void;
  packedInts(field: number, values: readonly number[]): void;
  message(field: number, write: () => void): void;
  finish(): Uint8Array;
}

const VARINT = 0;
const DELIMITED = 2;
const FIXED32 = 5;
const PADDED_LENGTH = 5;

/** Makes an empty writer; its buffer doubles when it is full. */
export function protoWriter(initialBytes: number = 1 << 16): ProtoWriter {
  let buffer = new Uint8Array(initialBytes);
  let view = new DataView(buffer.buffer);
  let at = 0;
  const encoder = new TextEncoder();

  const reserve = (bytes: number): void => {
    if (at + bytes <= buffer.length) return;
    const grown = new Uint8Array(Math.max(buffer.length * 2, at + bytes));
    grown.set(buffer);
    buffer = grown;
    view = new DataView(buffer.buffer);
  };

  /** Two's complement, ten bytes for negative numbers, as protocol buffers want 64-bit integers. */
  const varint = (value: number): void => {
    reserve(10);
    if (value < 0) {
      let rest = BigInt.asUintN(64, BigInt(value));
      for (; rest > 127n; rest >>= 7n) buffer[at++] = Number(rest & 127n) | 128;
      buffer[at++] = Number(rest);
      return;
    }
    let rest = value;
    for (; rest > 127; rest = Math.floor(rest / 128)) buffer[at++] = (rest % 128) | 128;
    buffer[at++] = rest;
  };

  const tag = (field: number, wire: number): void => varint(field * 8 + wire);

  const bytes = (field: number, value: Uint8Array): void => {
    tag(field, DELIMITED);
    varint(value.length);
    reserve(value.length);
    buffer.set(value, at);
    at += value.length;
  };

  const message = (field: number, write: () => void): void => {
    tag(field, DELIMITED);
    reserve(PADDED_LENGTH);
    const lengthAt = at;
    at += PADDED_LENGTH;
    write();
    let length = at - lengthAt - PADDED_LENGTH;
    for (let i = 0; i < PADDED_LENGTH; i++, length = Math.floor(length / 128)) {
      buffer[lengthAt + i] = (length % 128) | (i < PADDED_LENGTH - 1 ? 128 : 0);
    }
  };

  return {
    int: (field, value) => {
      tag(field, VARINT);
      varint(value);
    },
    float: (field, value) => {
      tag(field, FIXED32);
      reserve(4);
      view.setFloat32(at, value, true);
      at += 4;
    },
    text: (field, value) => bytes(field, encoder.encode(value)),
    bytes,
    packedInts: (field, values) =>
      message(field, () => {
        for (const value of values) varint(value);
      }),
    message,
    finish: () => buffer.subarray(0, at),
  };
}
