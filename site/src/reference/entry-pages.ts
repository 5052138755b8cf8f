import { join } from "node:path/posix";
import { packageFolders, textOf } from "../repository.ts";
import { type Declaration, declarationOf } from "./declarations.ts";
import { docstring } from "./docstring.ts";
import { type PublicEntry, type PublicName, publicEntries } from "./public-surface.ts";

/** Where a public name is described. */
export interface Place {
  /** Page of the site, `reference/schedules`. */
  readonly page: string;
  readonly name: string;
  /** Its address, `/reference/schedules#beta-table`. */
  readonly link: string;
  /** The entry that exports it, `@ddpm/schedules`. */
  readonly specifier: string;
}

/** What other pages have about a name: lines under its docstring. */
export type Related = (name: string, place: Place) => readonly string[];

/** The page of an entry: `@ddpm/viz/charts` is `reference/viz/charts`, `ddpm/node` is `reference/ddpm/node`. */
function pageOfEntry(specifier: string): string {
  return join("reference", specifier.replace(/^@ddpm\//, ""));
}

/** Every public name with its place: where several entries export a declaration, the first one. */
export function placesOfNames(entries: readonly PublicEntry[] = publicEntries()): ReadonlyMap<string, Place> {
  const places = new Map<string, Place>();
  const ordered = [...entries].sort((a, b) => rank(a.specifier) - rank(b.specifier));
  for (const { specifier, names } of ordered) {
    for (const { name } of names) {
      if (!places.has(name)) places.set(name, placeOf(name, specifier));
    }
  }
  return places;
}

function placeOf(name: string, specifier: string): Place {
  const page = pageOfEntry(specifier);
  return { page, name, specifier, link: `/${page}#${anchorOf(name)}` };
}

/** The anchor of a name on its page: links ignore capitals, so a type's ends with what it is. */
function anchorOf(name: string): string {
  const words = name.replaceAll(/(?<=[a-z0-9])(?=[A-Z])|_/g, "-").toLowerCase();
  return /^[A-Z].*[a-z]/.test(name) ? `${words}-type` : words;
}

/** Packages before the facade, which exports their names again; entries for authors last. */
function rank(specifier: string): number {
  return (specifier.endsWith("/authoring") ? 2 : 0) + (specifier.startsWith("@") ? 0 : 1);
}

/**
 * The pages of all entries.
 *
 * @param related lines about a name from other pages
 * @param sourceAddress address of a file and line in the repository
 */
export function entryPages(
  related: Related,
  sourceAddress: (path: string, line: number) => string,
): ReadonlyMap<string, string> {
  const entries = publicEntries();
  const places = placesOfNames(entries);
  return new Map(
    entries.map((entry) => {
      const page = pageOfEntry(entry.specifier);
      const link = linkFrom(entry, entries, places);
      const sections = entry.names.map((name) =>
        section(name, entry.specifier, { page, places, link, related, sourceAddress }),
      );
      return [page, [head(entry), ...sections].join("\n\n")];
    }),
  );
}

interface Context {
  readonly page: string;
  readonly places: ReadonlyMap<string, Place>;
  readonly link: (name: string) => string;
  readonly related: Related;
  readonly sourceAddress: (path: string, line: number) => string;
}

function head({ folder, specifier, names }: PublicEntry): string {
  const { description = "" } = JSON.parse(textOf(`${folder}/package.json`)) as {
    readonly description?: string;
  };
  const kind = specifier.endsWith("/authoring")
    ? `${names.length} names for authors of plugins, with the types of options and results.`
    : `${names.length} names.`;
  return [
    "---",
    "outline: 2",
    "---",
    "",
    `# ${specifier} {#entry}`,
    "",
    description,
    kind,
    `Guide: [${specifier
      .split("/")
      .slice(0, specifier.startsWith("@") ? 2 : 1)
      .join("/")}](/packages/${folder.split("/")[1]}).`,
    "",
    "```ts",
    `import { ${names
      .slice(0, 3)
      .map(({ name }) => name)
      .join(", ")} } from "${specifier}";`,
    "```",
  ].join("\n");
}

function section({ name, declared }: PublicName, specifier: string, context: Context): string {
  const heading = `## ${name} {#${anchorOf(name)}}`;
  const declaration = declarationOf(declared);
  if (!declaration) return `${heading}\n\nA namespace of \`${specifier}\`.`;
  const home = context.places.get(name)!;
  const lines = [heading, "", ...documented(declaration, context.link)];
  lines.push("", "```ts", declaration.code, "```");
  const types = [...declaration.mentions].filter((type) => type !== name && context.places.has(type));
  if (types.length > 0) lines.push("", `Types: ${types.map(context.link).join(", ")}.`);
  const more = context.related(name, home);
  if (more.length > 0) lines.push("", ...more);
  lines.push("", `[Source](${context.sourceAddress(declaration.path, declaration.line)})`);
  return lines.join("\n");
}

function documented({ doc }: Declaration, link: (name: string) => string): string[] {
  if (!doc) return [];
  const { text, params, notes } = docstring(doc, link);
  const line = (part: string): string => part.replaceAll("\n", " ");
  const blocks = [
    text,
    params.map(([name, about]) => `- \`${name}\`: ${line(about)}`).join("\n"),
    ...notes.map(([heading, about]) => `${heading}: ${line(about)}`),
  ];
  return [blocks.filter(Boolean).join("\n\n")];
}

/** A public name as a link from an entry's page, first to names of the same package; as code where it is not public. */
function linkFrom(
  { folder, specifier }: PublicEntry,
  entries: readonly PublicEntry[],
  places: ReadonlyMap<string, Place>,
): (name: string) => string {
  const siblings = entries.filter((entry) => entry.folder === folder);
  const near = placesOfNames([...siblings.filter((one) => one.specifier === specifier), ...siblings]);
  return (given) => {
    const name = given.replace(/\(\)$/, "");
    const place = near.get(name) ?? places.get(name);
    return place ? `[\`${given}\`](${place.link})` : `\`${given}\``;
  };
}

/** A package and the pages of its entries. */
export interface PackageEntries {
  readonly name: string;
  readonly folder: string;
  readonly pages: readonly string[];
}

/** Entries in the order of their packages, for the sidebar. */
export function entriesByPackage(): readonly PackageEntries[] {
  const entries = publicEntries();
  return packageFolders().map((folder) => ({
    folder,
    name: (JSON.parse(textOf(`${folder}/package.json`)) as { readonly name: string }).name,
    pages: entries.filter((entry) => entry.folder === folder).map(({ specifier }) => pageOfEntry(specifier)),
  }));
}
