import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";

/** The repository's folder. */
export const root: string = fileURLToPath(new URL("../..", import.meta.url));

const MADE = new Set(["node_modules", "dist", ".turbo", "coverage", "runs"]);

/** Files below a folder of the repository, by paths from its root; what tools make is left out. */
export function filesBelow(folder: string): string[] {
  return readdirSync(join(root, folder), { withFileTypes: true }).flatMap((entry) => {
    const path = `${folder}/${entry.name}`;
    if (MADE.has(entry.name)) return [];
    return entry.isDirectory() ? filesBelow(path) : [path];
  });
}

/** The folders in `packages`. */
export function packageFolders(): string[] {
  return readdirSync(join(root, "packages")).map((name) => `packages/${name}`);
}

const texts = new Map<string, string>();

/** The text of a file of the repository. */
export function textOf(path: string): string {
  const text = texts.get(path) ?? readFileSync(join(root, path), "utf8");
  texts.set(path, text);
  return text;
}

/** Reads changed files again. */
export function forgetTexts(): void {
  texts.clear();
}

/** Where the repository and its site are on the web: all derived from `repository` in the root's package.json. */
export interface Addresses {
  /** Of the repository, `https://github.com/OWNER/ddpm`. */
  readonly repository: string;
  /** Of the site, `https://OWNER.github.io/ddpm/`; `SITE_ADDRESS` replaces it. */
  readonly site: string;
  /** The path in the site's address, `/ddpm/`. */
  readonly base: string;
}

/** Reads the addresses. */
export function addresses(): Addresses {
  const { repository } = JSON.parse(textOf("package.json")) as {
    readonly repository: { readonly url: string };
  };
  const address = repository.url.replace(/^git\+/, "").replace(/\.git$/, "");
  const [owner, name] = new URL(address).pathname.slice(1).split("/");
  const site = process.env.SITE_ADDRESS ?? `https://${owner}.github.io/${name}/`;
  return { repository: address, site, base: new URL(site).pathname };
}
