import { type Picture, pictureFromRgba } from "../../model/pictures/picture.ts";

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
  const picture = pictureOf(file.name, bitmap, bitmap.width, bitmap.height);
  bitmap.close();
  return picture;
}

/** The square in the middle of what can be drawn, at most {@link SIDE} pixels wide. */
export function pictureOf(name: string, source: CanvasImageSource, width: number, height: number): Picture {
  const side = Math.min(width, height);
  const size = Math.min(SIDE, side);
  const canvas = new OffscreenCanvas(size, size);
  const context = canvas.getContext("2d", { willReadFrequently: true })!;
  context.imageSmoothingQuality = "high";
  context.drawImage(source, (width - side) / 2, (height - side) / 2, side, side, 0, 0, size, size);
  return pictureFromRgba(name, context.getImageData(0, 0, size, size));
}
