import { decodesHere, kindByEnding } from "./picture-kind.ts";

/**
 * Whether a file's name ends as a kind of picture that can be decoded: PNG, JPEG, WebP, GIF and AVIF,
 * in Node also TIFF, in a browser BMP. What the file holds decides how it is decoded.
 */
export function isImageName(name: string): boolean {
  const kind = kindByEnding(name);
  return kind !== undefined && decodesHere(kind);
}

/** Whether a name is the system's own business. */
export function isHidden(name: string): boolean {
  return name.startsWith(".") || name === "__MACOSX";
}

/** Whether a name in an archive stays below the folder that it is unpacked into, on every system. */
export function isSafeName(name: string): boolean {
  return (
    name !== "" &&
    !name.startsWith("/") &&
    !/[\\\0]/.test(name) &&
    !/^[a-z]:/i.test(name) &&
    !name.split("/").includes("..")
  );
}

const SPLITS: ReadonlySet<string> = new Set([
  "train",
  "training",
  "val",
  "valid",
  "validation",
  "test",
  "testing",
]);

/** Whether a folder's name is one of train, val, test …, whatever its capitals. */
export function isSplitName(name: string): boolean {
  return SPLITS.has(name.toLowerCase());
}
