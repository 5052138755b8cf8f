import { isSafeName } from "../pictures/picture-names.ts";

/**
 * A stored name in the one form in which names are compared: `/` between folders (archives made on Windows have `\`),
 * no `./` and no empty parts, no blanks at the ends of a part, composed Unicode (NFC).
 *
 * @returns undefined for a name that leads outside the folder or archive, or that has nothing left
 */
export function nameInOneForm(stored: string): string | undefined {
  const slashed = stored.includes("\\") ? stored.replaceAll("\\", "/") : stored;
  if (!isSafeName(slashed)) return undefined;
  const name = slashed
    .normalize("NFC")
    .split("/")
    .map((part) => part.trim())
    .filter((part) => part !== "" && part !== ".")
    .join("/");
  // Blanks may have hidden what `isSafeName` refuses.
  return isSafeName(name) ? name : undefined;
}

/** The last part of a name. */
export function baseOf(name: string): string {
  return name.slice(name.lastIndexOf("/") + 1);
}

/** The folder of a name, with `/` at its end; empty at the top. */
export function folderOf(name: string): string {
  return name.slice(0, name.lastIndexOf("/") + 1);
}
