import { existsSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { type PublicEntry, publicEntries } from "../../site/src/reference/public-surface.ts";
import { beyondAllowed } from "./allowed.ts";
import { root } from "./sources.ts";

/** Names that users of pictures' packages may meet, those of the entries for authors of plugins left out: fewer than 450. */
const MOST_NAMES = 449;

/** Packages of fields beyond pixels, each with a ceiling of its own. */
const ownCeiling: ReadonlyMap<string, number> = new Map([
  ["packages/autoencoder", 40],
  ["packages/text", 30],
]);

const entries = publicEntries();
const folders = [...new Set(entries.map(({ folder }) => folder))];
const forUsers = entries.filter(({ specifier }) => !specifier.endsWith("/authoring"));
const everyName = forUsers.flatMap(({ names }) => names);

/** How many names the entries of these folders export, each counted once. */
function countNames(counts: (folder: string) => boolean): number {
  const names = forUsers.filter(({ folder }) => counts(folder)).flatMap((entry) => entry.names);
  return new Set(names.map(({ declared }) => declared)).size;
}

/** A package's public names as Markdown: one heading per entry, one line per name. */
function listing(own: readonly PublicEntry[]): string {
  const sections = own.map(({ specifier, names }) =>
    [`## ${specifier}`, "", ...names.map(({ name }) => `- \`${name}\``), ""].join("\n"),
  );
  return `# Public names\n\n${sections.join("\n")}`;
}

describe.each(folders)("%s", (folder) => {
  test("exports the names that its api.md lists (UPDATE_API=1 rewrites it)", () => {
    const file = join(root, folder, "api.md");
    const now = listing(entries.filter((entry) => entry.folder === folder));
    if (process.env.UPDATE_API) writeFileSync(file, now);
    expect(existsSync(file) ? readFileSync(file, "utf8") : "no api.md").toBe(now);
  });
});

test(`at most ${MOST_NAMES} names are exported outside the entries for authors`, () => {
  expect(countNames((folder) => !ownCeiling.has(folder))).toBeLessThanOrEqual(MOST_NAMES);
});

test.each([...ownCeiling])("%s exports at most %i names outside the entries for authors", (folder, most) => {
  expect(countNames((own) => own === folder)).toBeLessThanOrEqual(most);
});

test("a name means one thing in all packages; only the entries of one package may share names", () => {
  const meanings = new Map<string, Set<string>>();
  for (const { name, declared } of everyName) {
    const home = declared.split("/").slice(0, 2).join("/");
    meanings.set(name, (meanings.get(name) ?? new Set()).add(home));
  }
  const shared = [...meanings]
    .filter(([, { size }]) => size > 1)
    .map(([name, { size }]): [string, number] => [name, size]);
  expect(beyondAllowed("shared-names", new Map(shared))).toEqual([]);
});

test("every exported name has a docstring", () => {
  const missing = entries.flatMap(({ names }) => names.filter(({ documented }) => !documented));
  const places = missing.map(({ declared }): [string, number] => [declared, 1]);
  expect(beyondAllowed("without-docstring", new Map(places))).toEqual([]);
});
