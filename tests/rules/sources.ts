import { existsSync, readdirSync, readFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";

/** The repository's folder. */
export const root: string = dirname(dirname(dirname(fileURLToPath(import.meta.url))));

const MADE = new Set(["node_modules", "dist", ".turbo", "coverage", "runs"]);

/** Files below a folder of the repository, by paths from its root; what tools make is left out. */
export function filesBelow(folder: string): string[] {
  return readdirSync(join(root, folder), { withFileTypes: true }).flatMap((entry) => {
    const path = `${folder}/${entry.name}`;
    if (MADE.has(entry.name)) return [];
    return entry.isDirectory() ? filesBelow(path) : [path];
  });
}

/** Paths of the workspace's members in `packages` and `apps`, and of the site; a folder that a move left behind is none. */
export function members(): string[] {
  const grouped = ["packages", "apps"].flatMap((folder) =>
    readdirSync(join(root, folder), { withFileTypes: true })
      .map((entry) => `${folder}/${entry.name}`)
      .filter((member) => existsSync(join(root, member, "package.json"))),
  );
  return [...grouped, "site"];
}

/** TypeScript files in the `src` of every package and app. */
export function sourceFiles(): string[] {
  return members().flatMap((member) => filesBelow(`${member}/src`).filter((path) => /\.tsx?$/.test(path)));
}

const texts = new Map<string, string>();

/** The text of a file of the repository. */
export function textOf(path: string): string {
  const text = texts.get(path) ?? readFileSync(join(root, path), "utf8");
  texts.set(path, text);
  return text;
}
