/** What a GIF89a file says, read from its bytes as its specification describes them, with the LZW data unpacked. */
export interface GifContent {
  readonly width: number;
  readonly height: number;
  /** Times in the NETSCAPE2.0 block: 0 is for ever; undefined where there is none. */
  readonly repeat: number | undefined;
  /** Whether any frame has a palette of its own. */
  readonly localPalettes: boolean;
  readonly frames: readonly { readonly delayMs: number; readonly rgb: readonly number[] }[];
}

export function readGif(bytes: Uint8Array): GifContent {
  const word = (at: number) => bytes[at]! | (bytes[at + 1]! << 8);
  if (String.fromCharCode(...bytes.subarray(0, 6)) !== "GIF89a") throw new Error("no GIF89a");
  const colours = 2 << (bytes[10]! & 7);
  const palette = bytes.subarray(13, 13 + 3 * colours);
  let at = 13 + 3 * colours;
  let repeat: number | undefined;
  let delayMs = 0;
  let localPalettes = false;
  const frames: { delayMs: number; rgb: number[] }[] = [];

  const blocks = () => {
    const data: number[] = [];
    for (; bytes[at] !== 0; at += bytes[at]! + 1) data.push(...bytes.subarray(at + 1, at + 1 + bytes[at]!));
    at++;
    return data;
  };

  for (;;) {
    const kind = bytes[at++];
    if (kind === 0x3b) break;
    if (kind === 0x21) {
      const label = bytes[at++];
      const data = blocks();
      if (label === 0xf9) delayMs = 10 * (data[1]! | (data[2]! << 8));
      if (label === 0xff) repeat = data[12]! | (data[13]! << 8);
    } else if (kind === 0x2c) {
      const pixels = word(at + 4) * word(at + 6);
      if (bytes[at + 8]! & 0x80) localPalettes = true;
      const codeSize = bytes[at + 9]!;
      at += 10;
      const places = unpack(blocks(), codeSize);
      if (places.length !== pixels) throw new Error(`${places.length} pixels instead of ${pixels}`);
      frames.push({
        delayMs,
        rgb: places.flatMap((place) => [...palette.subarray(3 * place, 3 * place + 3)]),
      });
    } else throw new Error(`unknown block ${kind} at ${at - 1}`);
  }
  if (at !== bytes.length) throw new Error("bytes after the end");
  return { width: word(6), height: word(8), repeat, localPalettes, frames };
}

function unpack(data: readonly number[], codeSize: number): number[] {
  const clear = 1 << codeSize;
  const out: number[] = [];
  let table: number[][] = [];
  let size = codeSize + 1;
  let before: number[] | undefined;
  let bits = 0;
  let held = 0;
  for (const byte of data) {
    bits |= byte << held;
    for (held += 8; held >= size; ) {
      const code = bits & ((1 << size) - 1);
      bits >>>= size;
      held -= size;
      if (code === clear + 1) return out;
      if (code === clear) {
        table = Array.from({ length: clear + 2 }, (_, i) => [i]);
        size = codeSize + 1;
        before = undefined;
        continue;
      }
      const entry: number[] = code < table.length ? table[code]! : [...before!, before![0]!];
      out.push(...entry);
      if (before && table.length < 4096) table.push([...before, entry[0]!]);
      if (table.length === 1 << size && size < 12) size++;
      before = entry;
    }
  }
  throw new Error("no end code");
}
