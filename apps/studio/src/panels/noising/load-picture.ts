import { type Picture, pictureFromRgba } from "../../model/picture.ts";

/** Larger pictures are made smaller, so that moving the slider stays smooth. */
const SIDE = 96;

/**
 * Decodes a picture file, cut to a square from its middle.
 *
 * @throws when the browser cannot read it
 */
export async function loadPicture(file: File): Promise<Picture> {
  const bitmap = await createImageBitmap(file).catch(() => {
    throw new Error(`${file.name} is no picture that this browser can read.`);
  });
  const side = Math.min(bitmap.width, bitmap.height);
  const size = Math.min(SIDE, side);
  const canvas = new OffscreenCanvas(size, size);
  const context = canvas.getContext("2d", { willReadFrequently: true })!;
  context.imageSmoothingQuality = "high";
  const [x, y] = [(bitmap.width - side) / 2, (bitmap.height - side) / 2];
  context.drawImage(bitmap, x, y, side, side, 0, 0, size, size);
  bitmap.close();
  return pictureFromRgba(file.name, context.getImageData(0, 0, size, size));
}
