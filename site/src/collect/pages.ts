import { existsSync } from "node:fs";
import { join } from "node:path";
import { filesBelow, packageFolders, root } from "../repository.ts";

/** Documents outside `docs/` that are pages, but for the READMEs of packages. */
const others: Readonly<Record<string, string>> = {
  "apps/trainer/README.md": "apps/command",
  "apps/studio/README.md": "apps/studio",
  "apps/bench/README.md": "apps/bench",
  "CHANGELOG.md": "changelog",
  "CONTRIBUTING.md": "contributing",
};

/** Pages of `docs/` with an address of their own: /studio/ is the studio itself. */
const moved: Readonly<Record<string, string>> = { "docs/studio.md": "inside/studio" };

/** The site's page of every document of the repository: `docs/data.md` is `data`. */
export function pagesOfDocuments(): ReadonlyMap<string, string> {
  const docs = filesBelow("docs")
    .filter((path) => path.endsWith(".md"))
    .map((path): [string, string] => [
      path,
      moved[path] ??
        path
          .replace(/^docs\//, "")
          .replace(/\.md$/, "")
          .replace(/(^|\/)README$/, "$1index"),
    ]);
  const readmes = packageFolders()
    .map((folder): [string, string] => [`${folder}/README.md`, folder])
    .filter(([path]) => existsSync(join(root, path)));
  return new Map([...docs, ...readmes, ...Object.entries(others)]);
}
