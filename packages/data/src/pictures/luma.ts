/**
 * Grey from red, green and blue, [.., 3] → [.., 1], rounded as Pillow's `convert("L")`.
 *
 * Source: ITU-R BT.601; Pillow, src/libImaging/Convert.c, `L24`.
 */
export function luma(rgb: Uint8Array): Uint8Array {
  const grey = new Uint8Array(rgb.length / 3);
  for (let i = 0, from = 0; i < grey.length; i++, from += 3) {
    grey[i] = (rgb[from]! * 19595 + rgb[from + 1]! * 38470 + rgb[from + 2]! * 7471 + 0x8000) >> 16;
  }
  return grey;
}
