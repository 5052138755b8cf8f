// Writes what all manifests share, from the root's own: `repository`, `homepage`, `bugs`, `author`, `license`, `engines` and
// the keywords that every package has; `--check` lists those that differ. The address of the repository is in the root's package.json, and nowhere else.
import { existsSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";

const root = fileURLToPath(new URL("..", import.meta.url));
const read = (path) => JSON.parse(readFileSync(path, "utf8"));

/** Fields before all others, in this order. */
const first = ["name", "version", "private", "description", "keywords", "homepage", "bugs", "repository"];

/** The manifest of a package with the shared fields of the root's. */
function complete(manifest, directory, shared) {
  const { repository, homepage, bugs, author, license, engines, keywords } = shared;
  const own = (manifest.keywords ?? []).filter((word) => !keywords.includes(word));
  const fields = {
    ...manifest,
    ...{ homepage, bugs, author, license, engines },
    repository: { ...repository, directory },
    keywords: [...keywords, ...own],
  };
  const order = [...first, "author", "license"];
  const rest = Object.keys(manifest).filter((name) => !order.includes(name));
  return Object.fromEntries(
    [...order, ...rest].flatMap((name) => (name in fields ? [[name, fields[name]]] : [])),
  );
}

/** Every manifest below `packages/` and that of the command: what it is, and what it should be. */
function manifests() {
  const shared = read(join(root, "package.json"));
  const folders = [
    ...readdirSync(join(root, "packages")).map((name) => `packages/${name}`),
    "apps/create-ddpm",
    "apps/trainer",
  ];
  return folders.flatMap((directory) => {
    const path = join(root, directory, "package.json");
    if (!existsSync(path)) return [];
    const text = readFileSync(path, "utf8");
    const expected = `${JSON.stringify(complete(JSON.parse(text), directory, shared), null, 2)}\n`;
    return [{ directory, path, text, expected }];
  });
}

const wrong = manifests().filter(({ text, expected }) => text !== expected);
if (process.argv[2] === "--check") {
  for (const { directory } of wrong) console.log(directory);
  process.exitCode = wrong.length > 0 ? 1 : 0;
} else {
  for (const { path, expected } of wrong) writeFileSync(path, expected);
}
