import { type ByteBuffer, byteBuffer } from "./byte-buffer.ts";

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

/** Makes an empty writer. */
export function protoWriter(initialBytes: number = 1 << 16): ProtoWriter {
  const out = byteBuffer(initialBytes);
  const encoder = new TextEncoder();
  const tag = (field: number, wire: number): void => varint(out, field * 8 + wire);
  const bytes = (field: number, value: Uint8Array): void => {
    tag(field, DELIMITED);
    varint(out, value.length);
    out.bytes(value);
  };
  const message = (field: number, write: () => void): void => {
    tag(field, DELIMITED);
    const lengthAt = out.gap(PADDED_LENGTH);
    write();
    let length = out.length() - lengthAt - PADDED_LENGTH;
    for (let i = 0; i < PADDED_LENGTH; i++, length = Math.floor(length / 128)) {
      out.put(lengthAt + i, (length % 128) | (i < PADDED_LENGTH - 1 ? 128 : 0));
    }
  };
  return {
    int: (field, value) => {
      tag(field, VARINT);
      varint(out, value);
    },
    float: (field, value) => {
      tag(field, FIXED32);
      out.float32(value);
    },
    text: (field, value) => bytes(field, encoder.encode(value)),
    bytes,
    packedInts: (field, values) =>
      message(field, () => {
        for (const value of values) varint(out, value);
      }),
    message,
    finish: () => out.view(),
  };
}

/** Appends an integer in groups of seven bits; negative ones in two's complement of 64 bits, as protocol buffers have them. */
function varint(out: ByteBuffer, value: number): void {
  if (value < 0) {
    let rest = BigInt.asUintN(64, BigInt(value));
    for (; rest > 127n; rest >>= 7n) out.byte(Number(rest & 127n) | 128);
    out.byte(Number(rest));
    return;
  }
  let rest = value;
  for (; rest > 127; rest = Math.floor(rest / 128)) out.byte((rest % 128) | 128);
  out.byte(rest);
}
