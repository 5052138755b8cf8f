import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";

/** Entries of all packages that run in Node, by the names that programs import. */
export function entriesOf(tree: string): string[] {
  return readdirSync(join(tree, "packages")).flatMap((folder) => {
    const text = readFileSync(join(tree, "packages", folder, "package.json"), "utf8");
    const { name, exports } = JSON.parse(text) as { name: string; exports: Record<string, unknown> };
    return Object.keys(exports)
      .filter((entry) => entry !== "./package.json")
      .map((entry) => `${name}${entry.slice(1)}`);
  });
}

/** Names of the packages of a tree. */
export function packagesOf(tree: string): string[] {
  return [...new Set(entriesOf(tree).map((entry) => /^(@[^/]+\/)?[^/]+/.exec(entry)![0]))];
}
