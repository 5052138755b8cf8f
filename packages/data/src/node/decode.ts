import { fail } from "@ddpm/core";
import sharp from "sharp";
import { luma } from "../luma.ts";
import { bytesOf } from "./files.ts";

/** What every image of a set is turned into. */
export interface DecodeOptions {
  /** Rows and columns; as it is when absent. */
  readonly size?: readonly [height: number, width: number] | undefined;
  /** Scale the shorter side and crop the middle, or stretch both sides. */
  readonly fit: "crop" | "stretch";
  readonly kernel: "nearest" | "linear" | "cubic" | "lanczos3";
  /** Grey, or red, green and blue. */
  readonly channels: 1 | 3;
  /** What shows through transparent parts: red, green, blue, 0 … 255. */
  readonly background: readonly [number, number, number];
}

/** Pixels of one image, [height, width, channels], 0 … 255. */
export interface Decoded {
  readonly pixels: Uint8Array;
  readonly height: number;
  readonly width: number;
}

/**
 * Decodes PNG, JPEG, WebP or the first frame of a GIF, of any depth, in sRGB (CMYK and grey are converted, profiles
 * applied), turned upright by its EXIF orientation, transparency laid over the background. Grey is Rec. 601 luma,
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
): Promise<Decoded> {
  const { size, fit, kernel, channels, background } = options;
  const [r, g, b] = background;
  // Reading a whole file at once costs less than the many parts that libvips asks for.
  const encoded = bytes ?? (await bytesOf(file));
  try {
    let image = sharp(encoded, { failOn: "error" }).autoOrient().flatten({ background: { r, g, b } });
    if (size) {
      image = image.resize(size[1], size[0], { fit: fit === "crop" ? "cover" : "fill", kernel });
    }
    const { data, info } = await image.toColourspace("srgb").raw().toBuffer({ resolveWithObject: true });
    if (info.channels !== 3) throw new Error(`${info.channels} channels after conversion to sRGB`);
    const { height, width } = info;
    const rgb = new Uint8Array(data.buffer, data.byteOffset, data.length);
    return { pixels: channels === 3 ? rgb : luma(rgb), height, width };
  } catch (cause) {
    const why = cause instanceof Error ? cause.message.split("\n")[0] : String(cause);
    return fail("data/decode", `${file}: does not decode (${why}).`, "Remove it, or set skipBad.", { cause });
  }
}
