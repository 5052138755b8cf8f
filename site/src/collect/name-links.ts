import type { Place } from "../reference/entry-pages.ts";

/** Words that are names, too, but mean something else in a sentence more often than not. */
const WORDS = new Set([
  "list",
  "files",
  "data",
  "images",
  "zeros",
  "ones",
  "even",
  "custom",
  "ddpm",
  "constant",
]);

/** A code span that is a name, or a call of it, outside of a link. */
const SPAN = /(?<!\[)`([A-Za-z]\w*)(\((?:[^`()]*)\))?`(?!\])/g;

/**
 * Links the first mention of each public name in a section to the reference.
 *
 * @param mentioned called for every public name that the page mentions, linked or not
 */
export function withNameLinks(
  text: string,
  places: ReadonlyMap<string, Place>,
  mentioned: (name: string) => void,
): string {
  return text
    .split(/^(?=## )/m)
    .map((section) => linkedSection(section, places, mentioned))
    .join("");
}

function linkedSection(
  section: string,
  places: ReadonlyMap<string, Place>,
  mentioned: (name: string) => void,
): string {
  const seen = new Set<string>();
  return section
    .split(/(^```[\s\S]*?^```[^\n]*$|^#.*$|\[[^\]]*\]\([^)]*\)|<!--[\s\S]*?-->)/m)
    .map((part, i) => {
      if (i % 2) {
        if (part.startsWith("```ts") || part.startsWith("```js"))
          for (const name of imported(part)) mentioned(name);
        return part;
      }
      return part.replaceAll(SPAN, (whole, name: string) => {
        const place = places.get(name);
        if (!place || WORDS.has(name)) return whole;
        mentioned(name);
        if (seen.has(name)) return whole;
        seen.add(name);
        return `[${whole}](${place.link})`;
      });
    })
    .join("");
}

/** The names that a program imports from the packages. */
function imported(program: string): string[] {
  return [...program.matchAll(/import (?:type )?\{([^}]*)\} from "(?:@ddpm\/|ddpm)/g)].flatMap(([, names]) =>
    names!
      .split(",")
      .map((name) =>
        name
          .replace(/^\s*type\s/, "")
          .replace(/\sas\s.*/, "")
          .trim(),
      )
      .filter(Boolean),
  );
}
