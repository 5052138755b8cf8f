/** Where a GIF's first frame is on its canvas, in pixels. */
export interface GifFrame {
  readonly left: number;
  readonly top: number;
  readonly width: number;
  readonly height: number;
}

/**
 * The place of a GIF's first frame; undefined for another file, or one that ends before.
 *
 * Source: GIF89a, sections 18 (logical screen), 20 (image descriptor), 23 to 26 (extensions).
 */
export function firstGifFrame(bytes: Uint8Array): GifFrame | undefined {
  if (String.fromCharCode(...bytes.subarray(0, 3)) !== "GIF" || bytes.length < 13) return undefined;
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.length);
  const flags = bytes[10]!;
  let at = 13 + (flags & 0x80 ? 3 * 2 ** ((flags & 7) + 1) : 0);
  while (bytes[at] === 0x21) {
    at += 2;
    for (let block = bytes[at]; block; block = bytes[at]) at += 1 + block;
    at += 1;
  }
  if (bytes[at] !== 0x2c || at + 10 > bytes.length) return undefined;
  const [left, top, width, height] = [1, 3, 5, 7].map((offset) => view.getUint16(at + offset, true)) as [
    number,
    number,
    number,
    number,
  ];
  return { left, top, width, height };
}

/**
 * Makes what the frame does not cover transparent.
 *
 * @param rgba of the canvas, 4 bytes a pixel, changed in place
 */
export function clearOutside(
  rgba: Uint8Array,
  canvas: { width: number; height: number },
  frame: GifFrame,
): void {
  const [right, bottom] = [frame.left + frame.width, frame.top + frame.height];
  for (let y = 0; y < canvas.height; y++)
    for (let x = 0; x < canvas.width; x++)
      if (y < frame.top || y >= bottom || x < frame.left || x >= right)
        rgba[4 * (y * canvas.width + x) + 3] = 0;
}
