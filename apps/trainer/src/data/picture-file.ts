import { readFile, stat } from "node:fs/promises";
import { fail } from "@ddpm/core";
import sharp from "sharp";

/** Endings of pictures, for files that are damaged. */
const PICTURE = /\.(png|jpe?g|webp|gif|avif|heic|heif|bmp|tiff?)$/i;

/** Whether a path is a single picture: by its content, or, where that is damaged, by its ending. */
export async function isPicture(path: string): Promise<boolean> {
  if (!(await stat(path)).isFile()) return false;
  if (PICTURE.test(path)) return true;
  return sharp(path)
    .metadata()
    .then(
      () => true,
      () => false,
    );
}

/**
 * The bytes of a picture's file.
 *
 * @throws DdpmError for a file that cannot be read
 */
export async function readPicture(path: string): Promise<Uint8Array> {
  return readFile(path).catch((cause: Error) =>
    fail("images", `cannot read ${path}: ${cause.message}.`, undefined, { cause }),
  );
}
