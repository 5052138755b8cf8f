import type { Random } from "@ddpm/core";

/** Numbers that break parsers: at the ends of their types, and one next to them. */
const EXTREMES = [0, 1, 0x7f, 0x80, 0xff, 0x7fff, 0x8000, 0xffff, 0x7fffffff, 0x80000000, 0xffffffff];
const DIGITS = '0123456789-+.eE"[]{}(),:\\/ \n';

/** One to six changes to a file: bits, bytes, lengths, text, cuts, and pieces moved, repeated or taken from another. */
export function mutated(file: Uint8Array, other: Uint8Array, random: Random): Uint8Array {
  let bytes: Uint8Array = Uint8Array.from(file);
  const pick = (bound: number): number => random.integer(Math.max(1, bound));
  const piece = (from: Uint8Array): Uint8Array => {
    const start = pick(from.length);
    return from.subarray(start, start + 1 + pick(Math.min(64, from.length)));
  };
  const without = (start: number, end: number, put: Uint8Array = new Uint8Array()): Uint8Array => {
    const rest = bytes.subarray(end);
    const whole = new Uint8Array(start + put.length + rest.length);
    whole.set(bytes.subarray(0, start));
    whole.set(put, start);
    whole.set(rest, start + put.length);
    return whole;
  };
  for (let changes = 1 + pick(6); changes > 0 && bytes.length > 0; changes--) {
    // Headers and footers matter most: half of all changes are within 64 bytes of an end.
    const near = Math.min(64, bytes.length);
    const at = [pick(bytes.length), pick(bytes.length), pick(near), bytes.length - 1 - pick(near)][pick(4)]!;
    const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
    switch (pick(9)) {
      case 0:
        bytes[at]! ^= 1 << pick(8);
        break;
      case 1:
        bytes[at] = pick(256);
        break;
      case 2: {
        const [value, little] = [EXTREMES[pick(EXTREMES.length)]!, pick(2) === 0];
        if (at + 8 <= bytes.length && pick(3) === 0)
          view.setBigUint64(at, BigInt(value) << BigInt(pick(33)), little);
        else if (at + 4 <= bytes.length) view.setUint32(at, value, little);
        break;
      }
      case 3:
        if (at + 2 <= bytes.length) view.setUint16(at, EXTREMES[pick(8)]!, pick(2) === 0);
        break;
      case 4:
        bytes[at] = DIGITS.charCodeAt(pick(DIGITS.length));
        break;
      case 5:
        bytes = bytes.slice(0, at);
        break;
      case 6:
        bytes = without(at, at + pick(32));
        break;
      case 7:
        bytes = without(at, at, piece(bytes));
        break;
      default:
        bytes = without(at, at + pick(32), piece(other));
    }
  }
  return bytes;
}
