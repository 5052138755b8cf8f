/** Pixels of a BMP file, [height, width, 4]: red, green, blue, alpha. */
export interface Bitmap {
  readonly rgba: Uint8Array;
  readonly width: number;
  readonly height: number;
}

interface Header {
  readonly width: number;
  readonly height: number;
  readonly topDown: boolean;
  readonly bits: number;
  readonly compression: number;
  /** Where pixels begin. */
  readonly pixels: number;
  /** Red, green, blue, alpha of 16 and 32 bits. */
  readonly masks: readonly number[];
  /** Blue, green, red of each colour. */
  readonly palette: Uint8Array;
  /** Bytes of a colour of the palette. */
  readonly entry: number;
}

/** Most pixels, as libvips takes; and those that a run-length encoded file may have however small it is. */
const [MOST, LEAST] = [0x3fff ** 2, 2 ** 22];
const [RGB, RLE8, RLE4, FIELDS, ALPHA_FIELDS] = [0, 1, 2, 3, 6];

/**
 * Decodes a BMP file: 1, 2, 4, 8, 16, 24 or 32 bits, top-down or bottom-up, run-length encoded, with bit fields.
 *
 * Source: Microsoft, "Bitmap Storage" (`BITMAPCOREHEADER` to `BITMAPV5HEADER`), "Bitmap Compression".
 *
 * @throws Error for what is damaged, ends early, or is a PNG or JPEG inside of a BMP
 */
export function decodeBmp(bytes: Uint8Array): Bitmap {
  const header = headerOf(bytes);
  const { width, height, bits, compression, topDown } = header;
  const packed = compression === RLE8 || compression === RLE4;
  const stride = 4 * Math.ceil((bits * width) / 32);
  if (packed && width * height > Math.max(LEAST, 256 * bytes.length))
    throw new Error(`${width}×${height} pixels in ${bytes.length} bytes`);
  if (!packed && header.pixels + stride * height > bytes.length) throw new Error("it ends within its pixels");
  const rgba = new Uint8Array(4 * width * height);
  const row = (y: number): number => 4 * width * (topDown ? y : height - 1 - y);
  if (packed) {
    runs(bytes, header, (x, y, index) => colour(rgba, row(y) + 4 * x, header, index));
    return { rgba, width, height };
  }
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.length);
  const fields = bits > 8 && bits !== 24 ? header.masks.map(field) : [];
  for (let y = 0; y < height; y++)
    for (let x = 0; x < width; x++) {
      const [from, to] = [header.pixels + y * stride, row(y) + 4 * x];
      if (bits <= 8) {
        const byte = bytes[from + ((x * bits) >> 3)]!;
        colour(rgba, to, header, (byte >> (8 - bits - ((x * bits) & 7))) & (2 ** bits - 1));
      } else if (bits === 24) {
        const at = from + 3 * x;
        rgba.set([bytes[at + 2]!, bytes[at + 1]!, bytes[at]!, 255], to);
      } else {
        const value = bits === 16 ? view.getUint16(from + 2 * x, true) : view.getUint32(from + 4 * x, true);
        for (let c = 0; c < 4; c++) rgba[to + c] = fields[c]!(value);
      }
    }
  return { rgba, width, height };
}

function headerOf(bytes: Uint8Array): Header {
  if (bytes.length < 26) throw new Error("it ends within its header");
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.length);
  const size = view.getUint32(14, true);
  const core = size === 12;
  if (bytes.length < 14 + size) throw new Error("it ends within its header");
  const width = core ? view.getUint16(18, true) : view.getInt32(18, true);
  const signed = core ? view.getUint16(20, true) : view.getInt32(22, true);
  const height = Math.abs(signed);
  if (!(width > 0 && height > 0 && width * height <= MOST)) throw new Error(`${width}×${height} pixels`);
  const bits = view.getUint16(core ? 24 : 28, true);
  if (![1, 2, 4, 8, 16, 24, 32].includes(bits)) throw new Error(`${bits} bits for a pixel`);
  const compression = core ? RGB! : view.getUint32(30, true);
  if (![RGB, RLE8, RLE4, FIELDS, ALPHA_FIELDS].includes(compression))
    throw new Error(`compression ${compression}, which is not supported`);
  const fields = compression === FIELDS || compression === ALPHA_FIELDS;
  const named = fields && size >= 40 ? (size >= 56 || compression === ALPHA_FIELDS ? 4 : 3) : 0;
  if (54 + 4 * named > bytes.length && !core) throw new Error("it ends within its header");
  const masks = Array.from({ length: named }, (_, i) => view.getUint32(54 + 4 * i, true));
  const usual = bits === 16 ? [0x7c00, 0x3e0, 0x1f] : [0xff0000, 0xff00, 0xff];
  const entry = core ? 3 : 4;
  const start = 14 + size + (size === 40 ? 4 * named : 0);
  const colours = (core ? 0 : view.getUint32(46, true)) || 2 ** Math.min(bits, 8);
  const palette =
    bits <= 8 ? bytes.subarray(start, start + entry * Math.min(256, colours)) : bytes.subarray(0, 0);
  const all = fields ? masks : usual;
  return {
    ...{ width, height, topDown: signed < 0, bits, compression, palette, entry },
    pixels: view.getUint32(10, true),
    masks: [...all, ...new Array<number>(4 - all.length).fill(0)],
  };
}

/** The 8 bits of a field of a pixel; 255 of one that is not there, as alpha may be. */
function field(mask: number, index: number): (pixel: number) => number {
  if (mask === 0) return () => (index === 3 ? 255 : 0);
  const shift = 31 - Math.clz32(mask & -mask);
  const most = mask >>> shift;
  return (pixel) => Math.round((((pixel & mask) >>> shift) * 255) / most);
}

function colour(rgba: Uint8Array, to: number, { palette, entry }: Header, index: number): void {
  const at = entry * index;
  if (at + entry > palette.length) throw new Error(`colour ${index}, which its palette lacks`);
  rgba.set([palette[at + 2]!, palette[at + 1]!, palette[at]!, 255], to);
}

/** Calls `set` for each pixel of run-length encoded rows, the lowest first; pixels that are left out stay transparent. */
function runs(bytes: Uint8Array, header: Header, set: (x: number, y: number, index: number) => void): void {
  const { width, height, compression, pixels } = header;
  const four = compression === RLE4;
  let [at, x, y] = [pixels, 0, 0];
  const put = (index: number): void => {
    if (x < width && y < height) set(x, y, index);
    x++;
  };
  const next = (): number => {
    if (at >= bytes.length) throw new Error("it ends within its runs");
    return bytes[at++]!;
  };
  while (y < height) {
    const [count, value] = [next(), next()];
    if (count > 0) {
      for (let i = 0; i < count; i++) put(four ? (i % 2 === 0 ? value >> 4 : value & 15) : value);
    } else if (value === 0) [x, y] = [0, y + 1];
    else if (value === 1) return;
    else if (value === 2) [x, y] = [x + next(), y + next()];
    else {
      const stored = four ? Math.ceil(value / 2) : value;
      for (let i = 0, byte = 0; i < value; i++) {
        if (!four || i % 2 === 0) byte = next();
        put(four ? (i % 2 === 0 ? byte >> 4 : byte & 15) : byte);
      }
      if (stored % 2 === 1) next();
    }
  }
}
