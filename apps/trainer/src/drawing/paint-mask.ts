import { existsSync } from "node:fs";
import { fail } from "@ddpm/core";
import { type Preparation, readPicture, transformPicture, uprightSize } from "@ddpm/runs/node/authoring";
import { maskParts, maskWords } from "./mask-words.ts";

/** A picture that a mask belongs to. */
export interface MaskedPicture {
  readonly name: string;
  /** Rows and columns before it is brought to the run's size. */
  readonly size: readonly [height: number, width: number];
}

/**
 * Where to paint: 1, and where to keep the picture: 0. A mask is white where to paint; black and transparent parts are
 * kept. It goes through the transform of its pictures: orientation, size, crop.
 *
 * @param given    a word of {@link maskWords}, the part to paint; or the path of a mask
 * @param pictures what the mask is for: it must have their aspect ratio
 * @returns [H, W]
 * @throws DdpmError for a mask that cannot be read, has another aspect ratio, or paints nothing or everything
 */
export async function paintMask(
  given: string,
  preparation: Preparation,
  pictures: readonly MaskedPicture[],
): Promise<Float32Array> {
  const inside = maskParts[given];
  const paint = inside ? partOf(inside, preparation.shape) : await maskAt(given, preparation, pictures);
  const painted = paint.reduce((sum, value) => sum + value, 0);
  if (painted > 0 && painted < paint.length) return paint;
  const what = painted === 0 ? "paints nothing" : "paints everything";
  const [height, width] = preparation.shape;
  return fail(
    "cli/paint-mask",
    `${given} ${what} of the ${height} × ${width} pixels.`,
    "Paint a part in white and leave the rest black or transparent; what the crop to the run's size cuts off does not count.",
  );
}

function partOf(
  inside: (y: number, x: number) => boolean,
  [height, width]: Preparation["shape"],
): Float32Array {
  return Float32Array.from({ length: height * width }, (_, i) =>
    inside((Math.floor(i / width) + 0.5) / height, ((i % width) + 0.5) / width) ? 1 : 0,
  );
}

async function maskAt(
  path: string,
  preparation: Preparation,
  pictures: readonly MaskedPicture[],
): Promise<Float32Array> {
  const advice = `Give a picture, or the part to paint: ${maskWords.join(", ")}.`;
  if (!existsSync(path)) fail("cli/paint-mask", `${path} does not exist.`, advice);
  const bytes = await readPicture(path);
  const size = await uprightSize(bytes, path);
  for (const picture of pictures) checkAspect(path, size, picture);
  const black = { channels: 1, background: [0, 0, 0] } as const;
  const { pixels } = await transformPicture(bytes, path, preparation, black);
  return Float32Array.from(pixels, (value) => (value > 127 ? 1 : 0));
}

/** The same aspect ratio, or the picture's scaled to the mask's size and rounded to whole pixels. */
function checkAspect(path: string, [height, width]: MaskedPicture["size"], picture: MaskedPicture): void {
  const [h, w] = picture.size;
  if (height === Math.round((width * h) / w) || width === Math.round((height * w) / h)) return;
  fail(
    "cli/paint-mask",
    `${path} is ${height} × ${width} (rows × columns), and ${picture.name} is ${h} × ${w}.`,
    "Give a mask of the picture's size, or of the same aspect ratio.",
  );
}
