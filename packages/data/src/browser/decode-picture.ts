import type { DecodedPicture, PictureForm } from "../pictures/decoded-picture.ts";
import { luma } from "../pictures/luma.ts";
import { PICTURE_HEAD, refuseByCodec, refuseUndecodable } from "../pictures/picture-trouble.ts";
import { type Bitmap, bitmapOf, canvas2d } from "./platform.ts";

/**
 * Decodes a picture with the browser's own codecs: upright by its EXIF orientation, transparency composed over the
 * background, resized smoothly, grey by Rec. 601. Sizes are as in Node; pixels differ a little from
 * Node's and between browsers, since each resizes in its own way.
 *
 * @param file what messages call it
 * @throws DdpmError naming the file that does not decode
 */
export async function decodePicture(blob: Blob, file: string, form: PictureForm): Promise<DecodedPicture> {
  refuseUndecodable(new Uint8Array(await blob.slice(0, PICTURE_HEAD).arrayBuffer()), file);
  let bitmap: Bitmap;
  try {
    bitmap = await bitmapOf(blob);
  } catch (cause) {
    return refuseByCodec(file, cause);
  }
  const [height, width] = form.size ?? [bitmap.height, bitmap.width];
  const context = canvas2d(width, height);
  context.fillStyle = `rgb(${form.background.join(" ")})`;
  context.fillRect(0, 0, width, height);
  context.imageSmoothingEnabled = true;
  context.imageSmoothingQuality = "high";
  const scale = form.fit === "crop" ? Math.max(height / bitmap.height, width / bitmap.width) : Number.NaN;
  const [sh, sw] = form.fit === "crop" ? [height / scale, width / scale] : [bitmap.height, bitmap.width];
  const [sy, sx] = [(bitmap.height - sh) / 2, (bitmap.width - sw) / 2];
  context.drawImage(bitmap, sx, sy, sw, sh, 0, 0, width, height);
  bitmap.close();
  const rgba = context.getImageData(0, 0, width, height).data;
  const rgb = new Uint8Array(height * width * 3);
  for (let i = 0, to = 0; i < rgba.length; i += 4) for (let c = 0; c < 3; c++) rgb[to++] = rgba[i + c]!;
  return { pixels: form.channels === 3 ? rgb : luma(rgb), height, width };
}
