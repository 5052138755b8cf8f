import { kindByContent } from "../../pictures/picture-kind.ts";
import { PICTURE_HEAD, refuseByCodec, refuseUndecodable } from "../../pictures/picture-trouble.ts";
import { decodeBmp } from "./bmp.ts";
import { pictureCodec } from "./codec.ts";

/**
 * Rows and columns of a picture turned upright, by its header.
 *
 * @param bytes of the file
 * @param file  what messages call the picture
 * @throws DdpmError naming the file: of no kind that is decoded, or without a sound header
 */
export async function pictureSize(
  bytes: Uint8Array,
  file: string,
): Promise<{ readonly height: number; readonly width: number }> {
  refuseUndecodable(bytes.subarray(0, PICTURE_HEAD), file);
  const codec = await pictureCodec();
  try {
    if (kindByContent(bytes)?.name === "BMP") return decodeBmp(bytes);
    const { height, width } = (await codec(bytes).metadata()).autoOrient;
    return { height, width };
  } catch (cause) {
    return refuseByCodec(file, cause);
  }
}
