import type { Sharp } from "sharp";
import type { DecodedPicture, PictureForm } from "../../pictures/decoded-picture.ts";
import { luma } from "../../pictures/luma.ts";
import { kindByContent } from "../../pictures/picture-kind.ts";
import { PICTURE_HEAD, refuseByCodec, refuseUndecodable } from "../../pictures/picture-trouble.ts";
import { middleBox, resampled } from "../../pictures/resample.ts";
import { bytesOf } from "../files.ts";
import { decodeBmp } from "./bmp.ts";
import { type PictureCodec, pictureCodec } from "./codec.ts";
import { clearOutside, firstGifFrame } from "./gif-frame.ts";

/** What every picture of a set is turned into, and how it is resized. */
export interface DecodeOptions extends PictureForm {
  readonly kernel: "nearest" | "linear" | "cubic" | "lanczos3";
}

/**
 * Decodes PNG, JPEG, WebP, AVIF, TIFF, BMP or the first frame of a GIF, by content, of any depth, in sRGB (CMYK
 * and grey are converted, profiles applied), turned upright by its EXIF orientation, transparency composed over the background.
 * What is enlarged is enlarged as Pillow does, what is only made smaller is scaled by libvips. Grey is Rec. 601 luma,
 * rounded as Pillow's `convert("L")`.
 *
 * @param bytes of the file; undefined: it is read from `file`
 * @param file  what messages call the image
 * @throws DdpmError naming the file; also for a damaged or truncated one, which is never half decoded
 */
export async function decodeImage(
  bytes: Uint8Array | undefined,
  file: string,
  options: DecodeOptions,
): Promise<DecodedPicture> {
  // Reading a whole file at once costs less than the many parts that libvips asks for.
  const encoded = bytes ?? (await bytesOf(file));
  refuseUndecodable(encoded.subarray(0, PICTURE_HEAD), file);
  const codec = await pictureCodec();
  try {
    const [r, g, b] = options.background;
    const image = (await opened(codec, encoded)).autoOrient().flatten({ background: { r, g, b } });
    const { rgb, height, width } = await sized(image, options);
    return { pixels: options.channels === 3 ? rgb : luma(rgb), height, width };
  } catch (cause) {
    return refuseByCodec(file, cause);
  }
}

/** The picture for sharp, which reads no BMP and shows what a GIF's frame leaves free as black. */
async function opened(codec: PictureCodec, encoded: Uint8Array): Promise<Sharp> {
  if (kindByContent(encoded)?.name === "BMP") {
    const { rgba, width, height } = decodeBmp(encoded);
    return codec(rgba, { raw: { width, height, channels: 4 } });
  }
  const image = codec(encoded, { failOn: "error" });
  const frame = firstGifFrame(encoded);
  if (!frame) return image;
  const { data, info } = await image.ensureAlpha().raw().toBuffer({ resolveWithObject: true });
  const { width, height } = info;
  clearOutside(data, { width, height }, frame);
  return codec(data, { raw: { width, height, channels: 4 } });
}

interface Rgb {
  readonly rgb: Uint8Array;
  readonly height: number;
  readonly width: number;
}

async function sized(image: Sharp, { size, fit, kernel }: DecodeOptions): Promise<Rgb> {
  if (!size) return rgbOf(image);
  const [height, width] = size;
  const smaller = image.clone().resize(width, height, {
    fit: fit === "crop" ? "cover" : "fill",
    kernel,
    withoutEnlargement: true,
  });
  const scaled = await rgbOf(smaller);
  if (scaled.height === height && scaled.width === width) return scaled;
  // libvips enlarges half a pixel off the middle.
  const whole = await rgbOf(image);
  const from = [whole.height, whole.width] as const;
  const box = fit === "crop" ? middleBox(from, size) : undefined;
  return { rgb: resampled(whole.rgb, { from, to: size, channels: 3, kernel, box }), height, width };
}

async function rgbOf(image: Sharp): Promise<Rgb> {
  const { data, info } = await image.toColourspace("srgb").raw().toBuffer({ resolveWithObject: true });
  if (info.channels !== 3) throw new Error(`${info.channels} channels after conversion to sRGB`);
  const { height, width } = info;
  return { rgb: new Uint8Array(data.buffer, data.byteOffset, data.length), height, width };
}
