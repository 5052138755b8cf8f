import { fail } from "@ddpm/core";
import sharp from "sharp";

const words: Readonly<Record<string, (y: number, x: number) => boolean>> = {
  top: (y) => y < 0.5,
  bottom: (y) => y >= 0.5,
  left: (_, x) => x < 0.5,
  right: (_, x) => x >= 0.5,
  middle: (y, x) => Math.abs(y - 0.5) < 0.25 && Math.abs(x - 0.5) < 0.25,
};

/** Words that stand for a mask. */
export const maskWords: readonly string[] = Object.keys(words);

/**
 * Where pictures are kept: 1, and where they are to be painted: 0.
 *
 * @param said a word of {@link maskWords}, the part to paint; or a picture, white where to paint, stretched to the size
 * @returns [H, W]
 * @throws DdpmError for a picture that cannot be read, or a mask that keeps or paints everything
 */
export async function keepMask(
  said: string,
  [height, width]: readonly [height: number, width: number, ...rest: number[]],
): Promise<Float32Array> {
  const inside = words[said];
  const place = (i: number): readonly [number, number] => [
    (Math.floor(i / width) + 0.5) / height,
    ((i % width) + 0.5) / width,
  ];
  const keep = inside
    ? Float32Array.from({ length: height * width }, (_, i) => (inside(...place(i)) ? 0 : 1))
    : await fromPicture(said, height, width);
  const kept = keep.reduce((sum, value) => sum + value, 0);
  if (kept === 0 || kept === keep.length) {
    fail("mask", `${said} ${kept === 0 ? "paints everything" : "paints nothing"}.`, "Paint a part in white.");
  }
  return keep;
}

async function fromPicture(path: string, height: number, width: number): Promise<Float32Array> {
  const picture = sharp(path).flatten({ background: "black" }).resize({ width, height, fit: "fill" });
  const { data, info } = await picture
    .toColourspace("b-w")
    .raw()
    .toBuffer({ resolveWithObject: true })
    .catch((cause: Error) =>
      fail(
        "mask",
        `cannot read ${path} as a picture: ${cause.message}.`,
        `Or say which part to paint: ${maskWords.join(", ")}.`,
        { cause },
      ),
    );
  return Float32Array.from({ length: height * width }, (_, i) => (data[i * info.channels]! > 127 ? 0 : 1));
}
