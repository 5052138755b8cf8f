import { fail } from "@ddpm/core";
import type sharp from "sharp";

/** The library that decodes pictures in Node. */
export type PictureCodec = typeof sharp;

let loading: Promise<PictureCodec> | undefined;

/**
 * Loads sharp when the first picture needs it: what decodes no pictures works without it.
 *
 * @throws DdpmError with the system's reason where its native library does not load
 */
export function pictureCodec(): Promise<PictureCodec> {
  loading ??= import("sharp").then(
    (module) => module.default,
    (cause: unknown) => {
      const lines = (cause instanceof Error ? cause.message : String(cause)).split("\n");
      const why = lines.find((line) => /\.(so|dll|dylib|node)\b/.test(line)) ?? lines[0]!;
      return fail(
        "data/codec",
        `the codec library sharp (libvips), which decodes pictures, does not load: ${why.trim()}.`,
        "Install it again on this system: `npm install sharp`; https://sharp.pixelplumbing.com/install lists the systems.",
        { cause },
      );
    },
  );
  return loading;
}
