import { cpSync, mkdirSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { declarationOf } from "../reference/declarations.ts";
import { entryPages, type Place, placesOfNames } from "../reference/entry-pages.ts";
import { pluginKinds, pluginPage } from "../reference/plugin-pages.ts";
import { publicEntries } from "../reference/public-surface.ts";
import { addresses, root, textOf } from "../repository.ts";
import { withSiteLinks } from "./links.ts";
import { withNameLinks } from "./name-links.ts";
import { pagesOfDocuments } from "./pages.ts";
import { pluginNames } from "./plugin-names.ts";

/** A page of the site: its path without an extension, and its Markdown with links of the site. */
export interface Page {
  readonly path: string;
  readonly title: string;
  readonly text: string;
  /** The document that it is made from; without one it is generated. */
  readonly document?: string;
}

/** Everything that the site is made from. */
export interface Collected {
  readonly pages: readonly Page[];
  /** Pictures that pages show, by paths from the repository's folder. */
  readonly pictures: ReadonlySet<string>;
}

/** Guides that a name is linked to, at most. */
const MOST_GUIDES = 6;

/** Collects the pages of the documents, of the reference and of the plugins. */
export function collect(): Collected {
  const pictures = new Set<string>();
  const places = placesOfNames();
  const { repository } = addresses();
  const documents = pagesOfDocuments();
  const mentions = new Map<string, Set<string>>();
  const guides = [...documents].map(([document, path]): Page => {
    const linked = withSiteLinks(textOf(document), document, {
      pages: documents,
      repository,
      picture: (picture) => pictures.add(picture),
    });
    const text = withNameLinks(linked, places, (name) => {
      mentions.set(name, (mentions.get(name) ?? new Set()).add(path));
    });
    return { path, title: titleOf(text, path), text, document };
  });
  return { pages: [...guides, ...generatedPages(guides, places, mentions, repository)], pictures };
}

function generatedPages(
  guides: readonly Page[],
  places: ReadonlyMap<string, Place>,
  mentions: ReadonlyMap<string, ReadonlySet<string>>,
  repository: string,
): Page[] {
  const kinds = pluginKinds();
  const plugins = pluginNames(kinds, places, isPluginAmong(places));
  const titles = new Map(guides.map(({ path, title }) => [path, title]));
  const related = (name: string): string[] => {
    const plugin = plugins.find((one) => one.name === name);
    const pages = [...(mentions.get(name) ?? [])].slice(0, MOST_GUIDES);
    return [
      ...(plugin ? [`Options and defaults: [\`${plugin.plugin}\`](/${plugin.page}#${plugin.plugin}).`] : []),
      ...(pages.length > 0
        ? [
            `Used in ${pages.map((page) => `[${titles.get(page)}](/${page.replace(/(^|\/)index$/, "$1")})`).join(", ")}.`,
          ]
        : []),
    ];
  };
  const source = (path: string, line: number): string => `${repository}/blob/main/${path}#L${line}`;
  const nameLink = (kind: string, plugin: string): string | undefined => {
    const name = plugins.find((one) => one.kind === kind && one.plugin === plugin)?.name;
    const place = name === undefined ? undefined : places.get(name);
    return place && `[\`${place.name}\`](${place.link}) of \`${place.specifier}\``;
  };
  const generated = [
    ...entryPages(related, source),
    ...kinds.map((kind) => [kind.page, pluginPage(kind, (plugin) => nameLink(kind.kind, plugin))] as const),
  ];
  return generated.map(([path, text]) => ({ path, title: titleOf(text, path), text }));
}

function isPluginAmong(places: ReadonlyMap<string, Place>): (name: string) => boolean {
  const declared = new Map(
    publicEntries().flatMap(({ names }) =>
      names.map(({ name, declared: at }): [string, string] => [name, at]),
    ),
  );
  return (name) => places.has(name) && /: Plugin</.test(declarationOf(declared.get(name)!)?.code ?? "");
}

function titleOf(text: string, path: string): string {
  return (/^# (.+)$/m.exec(text)?.[1] ?? /^title: (.+)$/m.exec(text)?.[1] ?? path)
    .replaceAll("`", "")
    .replace(/ \{#.*\}$/, "");
}

/** Writes the pages and their pictures into a folder. */
export function writePages({ pages, pictures }: Collected, folder: string): void {
  for (const { path, text, document } of pages) {
    const file = join(folder, `${path}.md`);
    mkdirSync(dirname(file), { recursive: true });
    writeFileSync(file, withFrontMatter(text, document));
  }
  for (const picture of pictures) {
    const file = join(folder, "pictures", picture);
    mkdirSync(dirname(file), { recursive: true });
    cpSync(join(root, picture), file);
  }
}

/** A page with the address where its document is edited in its front matter; generated pages have none. */
function withFrontMatter(text: string, document: string | undefined): string {
  const line = document ? `edit: ${addresses().repository}/edit/main/${document}` : "editLink: false";
  return text.startsWith("---\n") ? `---\n${line}\n${text.slice(4)}` : `---\n${line}\n---\n\n${text}`;
}
