import { existsSync, readdirSync, readFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import getReleasePlan from "@changesets/get-release-plan";
import { expect, test } from "vitest";

const root = dirname(dirname(fileURLToPath(import.meta.url)));

interface Manifest {
  readonly name: string;
  readonly private?: boolean;
}

const manifests = ["packages", "apps"].flatMap((group) =>
  readdirSync(join(root, group)).flatMap((folder): Manifest[] => {
    const path = join(root, group, folder, "package.json");
    return existsSync(path) ? [JSON.parse(readFileSync(path, "utf8"))] : [];
  }),
);
manifests.push(JSON.parse(readFileSync(join(root, "site", "package.json"), "utf8")));

/** What `changeset status` and `changeset version` compute; it throws for changesets that name unknown packages. */
const plan = await getReleasePlan(root);

test("every changeset is part of the next release", () => {
  const files = readdirSync(join(root, ".changeset")).filter((name) => /^(?!README).*\.md$/.test(name));
  expect(plan.changesets.map(({ id }) => `${id}.md`).sort()).toEqual(files.sort());
  const released = new Set(plan.releases.flatMap(({ changesets }) => changesets));
  expect(plan.changesets.filter(({ id }) => !released.has(id)).map(({ id }) => id)).toEqual([]);
});

test("every public package gets the same next version", () => {
  const next = new Map(plan.releases.map(({ name, newVersion }) => [name, newVersion]));
  const versioned = manifests.filter(({ private: own }) => !own);
  expect(versioned.length).toBeGreaterThan(15);
  expect(new Set(versioned.map(({ name }) => next.get(name))).size).toBe(plan.releases.length > 0 ? 1 : 0);
});

test("nothing has been released as 1.0 by a range of a sibling alone", () => {
  const major = plan.changesets.some(({ releases }) => releases.some(({ type }) => type === "major"));
  expect(plan.releases.filter(({ type }) => type === "major" && !major).map(({ name }) => name)).toEqual([]);
});

/** A changelog that is read has a page at most. */
const MOST_NOTES = 15;

test("the next changelog of every package is short", () => {
  const notes = (name: string): number =>
    plan.changesets.filter(({ releases }) => releases.some((release) => release.name === name)).length;
  const long = plan.releases.filter(({ name }) => notes(name) > MOST_NOTES);
  expect(long.map(({ name }) => `${name}: ${notes(name)} changesets, merge those of one subject`)).toEqual(
    [],
  );
});

test("the page of the next release is written", () => {
  const { newVersion } = plan.releases.find(({ name }) => name === "ddpm") ?? manifestOf("ddpm");
  expect(readFileSync(join(root, "CHANGELOG.md"), "utf8")).toContain(`## ${newVersion}`);
});

function manifestOf(folder: string): { readonly newVersion: string } {
  return {
    newVersion: JSON.parse(readFileSync(join(root, "packages", folder, "package.json"), "utf8")).version,
  };
}
