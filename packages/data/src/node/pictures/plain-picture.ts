/** A JPEG's or PNG's colours: grey, or red, green and blue. */
export type PlainColours = 1 | 3;

/**
 * Tells by a file's header whether decoding is all that there is to do: an 8-bit JPEG or PNG of just that size,
 * without orientation, colour profile, palette or transparency. What is not well understood is not plain.
 *
 * Sources: ITU-T T.81, annex B; W3C, "Portable Network Graphics", sections 5 and 11.
 *
 * @returns its colours; undefined where it is not plain
 */
export function plainColours(
  bytes: Uint8Array,
  size: readonly [height: number, width: number],
): PlainColours | undefined {
  const header = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  if (bytes.length < 32) return undefined;
  if (header.getUint16(0) === 0xffd8) return jpegColours(header, size);
  if (header.getUint32(0) === 0x89504e47 && header.getUint32(4) === 0x0d0a1a0a)
    return pngColours(header, size);
  return undefined;
}

/** Tables, restart intervals, comments, and JFIF's own segment. */
const HARMLESS_SEGMENTS: ReadonlySet<number> = new Set([0xdb, 0xc4, 0xdd, 0xfe, 0xe0]);

function jpegColours(file: DataView, [height, width]: readonly [number, number]): PlainColours | undefined {
  let colours: PlainColours | undefined;
  for (let at = 2; at + 10 <= file.byteLength && file.getUint8(at) === 0xff; ) {
    const marker = file.getUint8(at + 1);
    if (marker === 0xda) return colours;
    if (marker === 0xc0 || marker === 0xc1 || marker === 0xc2) {
      const count = file.getUint8(at + 9);
      const fits = file.getUint16(at + 5) === height && file.getUint16(at + 7) === width;
      if (colours || file.getUint8(at + 4) !== 8 || !fits || !(count === 1 || count === 3)) return undefined;
      colours = count;
    } else if (!HARMLESS_SEGMENTS.has(marker)) return undefined;
    at += 2 + file.getUint16(at + 2);
  }
  return undefined;
}

const chunk = (name: string): number => new DataView(new TextEncoder().encode(name).buffer).getUint32(0);
const [END, HARMLESS_CHUNKS]: readonly [number, ReadonlySet<number>] = [
  chunk("IEND"),
  new Set(["IHDR", "IDAT", "pHYs", "tIME", "tEXt"].map(chunk)),
];

/** All of the file: an orientation may follow the pixels. */
function pngColours(file: DataView, [height, width]: readonly [number, number]): PlainColours | undefined {
  const fits = file.getUint32(16) === width && file.getUint32(20) === height;
  const type = file.getUint8(25);
  if (!fits || file.getUint8(24) !== 8 || !(type === 0 || type === 2)) return undefined;
  for (let at = 8; at + 12 <= file.byteLength; at += 12 + file.getUint32(at)) {
    const kind = file.getUint32(at + 4);
    if (kind === END) return type === 0 ? 1 : 3;
    if (!HARMLESS_CHUNKS.has(kind)) return undefined;
  }
  return undefined;
}
