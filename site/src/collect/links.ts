import { existsSync, statSync } from "node:fs";
import { dirname, join, relative } from "node:path/posix";
import { root } from "../repository.ts";

/** What a link needs to know of the site. */
export interface LinkTargets {
  /** Pages by document. */
  readonly pages: ReadonlyMap<string, string>;
  /** Address of the repository. */
  readonly repository: string;
  /** Called for every picture that a page shows. */
  readonly picture: (path: string) => void;
}

const LINK = /(\]\()([^)\s]+)((?:\s+"[^"]*")?\))|(\bsrc=")([^"]+)(")/g;

/**
 * The text of a document with its links changed for the site: documents become pages, pictures files next to the pages,
 * and everything else its address in the repository.
 */
export function withSiteLinks(text: string, document: string, targets: LinkTargets): string {
  return text
    .split(/(^```[\s\S]*?^```[^\n]*$)/m)
    .map((part, i) =>
      i % 2 ? part : part.replaceAll(LINK, (...groups) => relink(groups, document, targets)),
    )
    .join("");
}

function relink(groups: readonly string[], document: string, targets: LinkTargets): string {
  const [whole, open, target, close, before, source, after] = groups as [string, ...(string | undefined)[]];
  const given = target ?? source!;
  if (/^([a-z]+:|#|\/)/.test(given)) return whole;
  return `${open ?? before}${siteTarget(given, document, targets)}${close ?? after}`;
}

function siteTarget(given: string, document: string, { pages, repository, picture }: LinkTargets): string {
  const [path, anchor = ""] = given.split(/(?=#)/) as [string, string?];
  const target = join(dirname(document), path).replace(/\/$/, "");
  const page = pages.get(target) ?? pages.get(`${target}/README.md`);
  if (page !== undefined) return `/${page.replace(/(^|\/)index$/, "$1")}${anchor}`;
  if (/\.(png|svg|jpg|gif)$/.test(target)) {
    picture(target);
    return relative(dirname(pages.get(document)!), `pictures/${target}`).replace(/^(?!\.)/, "./");
  }
  const file = join(root, target);
  const kind = existsSync(file) && statSync(file).isDirectory() ? "tree" : "blob";
  return `${repository}/${kind}/main/${target}${anchor}`;
}
