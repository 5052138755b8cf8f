import { decodesHere, kindByEnding } from "./picture-kind.ts";

/**
 * Whether a file's name ends as a kind of picture that can be decoded: PNG, JPEG, WebP, GIF, AVIF and
 * BMP, in Node also TIFF. What the file holds decides how it is decoded.
 */
export function isImageName(name: string): boolean {
  const kind = kindByEnding(name);
  return kind !== undefined && decodesHere(kind);
}

/** What systems and programs leave behind in folders: previews, settings, caches. */
const SYSTEM: ReadonlySet<string> = new Set([
  "__macosx",
  "@eadir",
  "__pycache__",
  "lost+found",
  "$recycle.bin",
  "system volume information",
  "thumbs.db",
  "ehthumbs.db",
  "desktop.ini",
  "icon\r",
]);

/** Whether a file or folder is the system's own, which nobody means as data: `.DS_Store`, `._a.png`, `__MACOSX`, `Thumbs.db`. */
export function isHidden(name: string): boolean {
  return name.startsWith(".") || SYSTEM.has(name.toLowerCase());
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
