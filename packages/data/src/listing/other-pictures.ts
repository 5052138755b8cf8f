import { kindByEnding } from "../pictures/picture-kind.ts";
import { isImageName } from "../pictures/picture-names.ts";

/** Drawings, which are as often about a set as in it. */
const DRAWINGS: readonly string[] = ["SVG", "Photoshop"];
/** Photographs that no kind of `picture-kind.ts` has. */
const MORE = /\.(p[bgpn]m|pfm|exr|hdr|tga|dcm|cr[23]|nef|arw|dng|raw|raf|orf|rw2)$/i;

/**
 * Whether a file's name ends as a photograph of a kind that is not decoded here. Such files make a folder one of
 * pictures, so a class of which only such are there keeps its number.
 */
export function isOtherPicture(name: string): boolean {
  if (isImageName(name)) return false;
  const kind = kindByEnding(name);
  return kind === undefined ? MORE.test(name) : !DRAWINGS.includes(kind.name);
}
