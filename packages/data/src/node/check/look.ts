import { createHash } from "node:crypto";
import { isDdpmError } from "@ddpm/core";
import { kindByContent } from "../../pictures/picture-kind.ts";
import { PICTURE_HEAD, refuseByCodec, refuseUndecodable } from "../../pictures/picture-trouble.ts";
import { pictureCodec } from "../pictures/codec.ts";
import { type DecodeOptions, decodeImage } from "../pictures/decode.ts";
import { isUndecodable } from "../pictures/without-bad.ts";

/** What one image is, before and after decoding. */
export interface Look {
  readonly file: string;
  readonly height: number;
  readonly width: number;
  readonly encoding: string;
  readonly colour: string;
  readonly depth: string;
  /** Of its bytes as they are stored. */
  readonly hash: string;
  /** Why it does not decode, if it does not. */
  readonly reason?: string;
}

const AS_IT_IS: DecodeOptions = { fit: "crop", kernel: "nearest", channels: 3, background: [255, 255, 255] };

/** Reads a picture's header, and decodes all of it to see whether it is whole. */
export async function lookAtPicture(file: string, bytes: Uint8Array): Promise<Look> {
  const hash = hashOf(bytes);
  try {
    refuseUndecodable(bytes.subarray(0, PICTURE_HEAD), file);
    const kind = kindByContent(bytes)!.name.toLowerCase();
    if (kind === "bmp") {
      const { height, width } = await decodeImage(bytes, file, AS_IT_IS);
      return { file, height, width, encoding: kind, colour: "srgb", depth: "uchar", hash };
    }
    const codec = await pictureCodec();
    const {
      width,
      height,
      orientation = 1,
      space,
      depth,
      hasAlpha,
    } = await codec(bytes)
      .metadata()
      .catch((cause: unknown) => refuseByCodec(file, cause));
    const [h, w] = orientation > 4 ? [width, height] : [height, width];
    const colour = `${space ?? "unknown"}${hasAlpha ? " with alpha" : ""}`;
    const seen = { file, height: h, width: w, encoding: kind, colour, depth: String(depth), hash };
    return await decodeImage(bytes, file, AS_IT_IS).then(
      () => seen,
      (error: unknown) => ({ ...seen, reason: reasonOf(error, file) }),
    );
  } catch (error) {
    const reason = reasonOf(error, file);
    return {
      file,
      height: 0,
      width: 0,
      encoding: "unknown",
      colour: "unknown",
      depth: "unknown",
      hash,
      reason,
    };
  }
}

/** Why a picture does not decode. @throws any other error */
function reasonOf(error: unknown, file: string): string {
  if (!isDdpmError(error) || !isUndecodable(error)) throw error;
  return error.what.replace(`${file}: `, "").replace(/\.$/, "");
}

/** An image of a format that stores pixels plainly. */
export function lookAtPixels(
  file: string,
  pixels: Uint8Array | Uint8ClampedArray,
  [height, width, channels]: readonly [number, number, number],
): Look {
  const colour = channels === 1 ? "b-w" : channels === 3 ? "srgb" : `${channels} channels`;
  return { file, height, width, encoding: "raw", colour, depth: "uchar", hash: hashOf(pixels) };
}

function hashOf(bytes: Uint8Array | Uint8ClampedArray): string {
  return createHash("sha1").update(bytes).digest("hex");
}
