import { crc32c } from "@aws-crypto/crc32c";

/** Bytes before and after a record's data: length and its checksum, then the data's checksum. */
const HEAD = 12;
const TAIL = 4;

/**
 * One record of a TFRecord file: uint64 length, masked CRC-32C of the length, data, masked CRC-32C of the data; all
 * little-endian.
 *
 * Source: tensorflow/core/lib/io/record_writer.h
 */
export function tfRecord(data: Uint8Array): Uint8Array {
  const bytes = new Uint8Array(HEAD + data.length + TAIL);
  const view = new DataView(bytes.buffer);
  view.setBigUint64(0, BigInt(data.length), true);
  view.setUint32(8, masked(bytes.subarray(0, 8)), true);
  bytes.set(data, HEAD);
  view.setUint32(HEAD + data.length, masked(data), true);
  return bytes;
}

/** A record's data, and the offset behind it. */
export interface FoundRecord {
  readonly data: Uint8Array;
  readonly end: number;
}

/** Every whole record of a file, up to the first that is torn or damaged. */
export function* readTfRecords(bytes: Uint8Array): Generator<FoundRecord> {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  for (let at = 0; at + HEAD + TAIL <= bytes.length; ) {
    if (view.getUint32(at + 8, true) !== masked(bytes.subarray(at, at + 8))) return;
    const length = Number(view.getBigUint64(at, true));
    const end = at + HEAD + length + TAIL;
    if (end > bytes.length) return;
    const data = bytes.subarray(at + HEAD, at + HEAD + length);
    if (view.getUint32(end - TAIL, true) !== masked(data)) return;
    yield { data, end };
    at = end;
  }
}

/** A checksum that may itself be part of checksummed data: rotated, plus a constant. */
function masked(data: Uint8Array): number {
  const crc = crc32c(data);
  return (((crc >>> 15) | (crc << 17)) + 0xa282ead8) >>> 0;
}
