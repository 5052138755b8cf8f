import { readdirSync, readFileSync } from "node:fs";
import { join, relative } from "node:path";
import { fileOf } from "./serve.ts";

const IDS = /\sid="([^"]+)"/g;
const TARGETS = /\s(?:href|src)="([^"]+)"/g;

/** The pages of a built site, by paths from its folder; the studio is a page of its own. */
export function pagesIn(folder: string): string[] {
  return readdirSync(folder, { recursive: true, encoding: "utf8" })
    .filter((path) => path.endsWith(".html") && path !== "404.html")
    .sort();
}

/** Links of a built site that lead nowhere: to no file of the site, or to no place in a page. */
export function deadLinks(folder: string, base: string): string[] {
  const ids = new Map<string, ReadonlySet<string>>();
  const idsOf = (file: string): ReadonlySet<string> => {
    const known =
      ids.get(file) ?? new Set([...readFileSync(file, "utf8").matchAll(IDS)].map(([, id]) => id!));
    ids.set(file, known);
    return known;
  };
  return pagesIn(folder).flatMap((page) => {
    const here = join(folder, page);
    const own = new URL(page, `http://site${base}`);
    const targets = [...readFileSync(here, "utf8").matchAll(TARGETS)].map(([, target]) => target!);
    return [...new Set(targets)]
      .filter((target) => !isReachable(target, own, folder, base, idsOf))
      .map((target) => `${relative(folder, here)} → ${target}`);
  });
}

function isReachable(
  target: string,
  page: URL,
  folder: string,
  base: string,
  idsOf: (file: string) => ReadonlySet<string>,
): boolean {
  const { host, pathname, hash } = new URL(target.replaceAll("&amp;", "&"), page);
  if (host !== page.host) return true;
  if (!pathname.startsWith(base)) return false;
  const file = fileOf(folder, pathname.slice(base.length));
  if (!file) return false;
  return hash === "" || !file.endsWith(".html") || idsOf(file).has(decodeURIComponent(hash.slice(1)));
}
