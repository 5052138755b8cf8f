import { existsSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { dirname, join, relative } from "node:path";
import { fileURLToPath } from "node:url";
import { expect, test } from "vitest";

const root = dirname(dirname(fileURLToPath(import.meta.url)));
const documents = [
  "README.md",
  "CHANGELOG.md",
  "CONTRIBUTING.md",
  ...["AGENTS.md", "CODE_OF_CONDUCT.md", "ROADMAP.md", "SECURITY.md", "SUPPORT.md"],
  ...markdownBelow("docs"),
  ...["packages", "apps"].flatMap((folder) =>
    readdirSync(join(root, folder)).map((name) => join(folder, name, "README.md")),
  ),
].filter((path) => existsSync(join(root, path)));

function markdownBelow(folder: string): string[] {
  return readdirSync(join(root, folder), { recursive: true, encoding: "utf8" })
    .filter((path) => path.endsWith(".md"))
    .map((path) => join(folder, path));
}

test.each(documents)("%s links to and shows only files that exist", (path) => {
  const text = readFileSync(join(root, path), "utf8");
  const targets = [...text.matchAll(/\]\(([^)#\s]+)[^)]*\)|src="([^"]+)"/g)].map(
    (match) => (match[1] ?? match[2])!,
  );
  const broken = targets
    .filter((target) => !/^[a-z]+:/.test(target))
    .filter((target) => !existsSync(join(root, dirname(path), target)));
  expect(broken.map((target) => `${relative(".", path)} → ${target}`)).toEqual([]);
});

test("every package says what it is", () => {
  const silent = readdirSync(join(root, "packages")).filter(
    (name) => !existsSync(join(root, "packages", name, "README.md")),
  );
  expect(silent).toEqual([]);
});

/** Words of a README that is read before anything else; tables and code are looked at, not read. */
const MOST_WORDS = 600;

test.each(documents.filter((path) => path.endsWith("README.md") && !path.startsWith("docs")))(
  `%s has at most ${MOST_WORDS} words, without code and tables`,
  (path) => {
    const text = readFileSync(join(root, path), "utf8").replaceAll(/```[\s\S]*?```|^\|.*$/gm, "");
    expect(text.split(/\s+/).filter(Boolean).length).toBeLessThanOrEqual(MOST_WORDS);
  },
);

/** A table that `ddpm list KIND --markdown` prints, between its marks. */
const TABLE = /(<!-- table: ([a-z-]+) -->\n)([\s\S]*?)(<!-- \/table -->)/g;

test("tables of plugins are what `ddpm list --markdown` prints (UPDATE_TABLES=1 rewrites them)", async () => {
  const { markdownTable } = await import("../apps/trainer/src/commands/list/markdown.ts");
  let tables = 0;
  for (const path of documents) {
    const text = readFileSync(join(root, path), "utf8");
    const fresh = text.replaceAll(TABLE, (_, start: string, kind: string, _old, end: string) => {
      tables++;
      return `${start}\n${markdownTable(kind)}\n\n${end}`;
    });
    if (process.env.UPDATE_TABLES) writeFileSync(join(root, path), fresh);
    else expect(text, path).toBe(fresh);
  }
  expect(tables).toBeGreaterThan(0);
});
