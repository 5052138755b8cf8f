import { baseOf, folderOf } from "./name-form.ts";

/** How the name of a picture about another one ends: `a_mask.png` next to `a.jpg`. */
const ABOUT = /[-_ ](masks?|segmentation|trimap|depth|gt)$/i;

/**
 * Pictures about other pictures of the same folder, by their names.
 *
 * @param names of all pictures, with folders
 * @returns whether each is about another, [N]
 */
export function areAboutOthers(names: readonly string[]): boolean[] {
  const stems = names.map((name) => `${folderOf(name)}${baseOf(name).replace(/\.[^.]*$/, "")}`);
  const all = new Set(stems);
  return stems.map((stem) => ABOUT.test(stem) && all.has(stem.replace(ABOUT, "")));
}
