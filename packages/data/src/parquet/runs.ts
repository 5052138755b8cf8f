/**
 * Reads `count` whole numbers of `width` bits in the hybrid of runs and packed groups of eight.
 *
 * Source: Apache Parquet, "Encodings", RLE = 3.
 *
 * @param width 0 to 32
 * @throws Error for bytes that end early; a run beyond `count` is cut
 */
export function readRuns(bytes: Uint8Array, width: number, count: number): Uint32Array {
  const numbers = new Uint32Array(count);
  let [at, filled] = [0, 0];
  const byte = (): number => {
    if (at >= bytes.length) throw new Error("runs that end early");
    return bytes[at++]!;
  };
  while (filled < count) {
    let [head, scale] = [0, 1];
    for (let part = byte(), i = 0; ; part = byte(), i++) {
      head += (part & 0x7f) * scale;
      scale *= 128;
      if (part < 0x80) break;
      if (i === 4) throw new Error("a run of more than 2^35");
    }
    const length = Math.floor(head / 2);
    if (head % 2 === 0) {
      let value = 0;
      for (let i = 0; i < Math.ceil(width / 8); i++) value += byte() * 2 ** (8 * i);
      const end = Math.min(count, filled + length);
      numbers.fill(value, filled, end);
      filled = end;
    } else {
      const packed = Math.min(8 * length, count - filled);
      const from = 8 * at;
      if (from + packed * width > 8 * bytes.length) throw new Error("packed numbers that end early");
      for (let i = 0; i < packed; i++) numbers[filled++] = packedAt(bytes, from + i * width, width);
      at += length * width;
    }
  }
  return numbers;
}

/** A number of `width` bits from a bit on, the lowest first. */
function packedAt(bytes: Uint8Array, bit: number, width: number): number {
  let value = 0;
  for (let done = 0; done < width; ) {
    const at = bit + done;
    const taken = Math.min(8 - (at % 8), width - done);
    value += ((bytes[Math.floor(at / 8)]! >> (at % 8)) & ((1 << taken) - 1)) * 2 ** done;
    done += taken;
  }
  return value;
}
