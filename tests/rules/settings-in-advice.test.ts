import { readdirSync, readFileSync } from "node:fs";
import { dirname, join, relative } from "node:path";
import { fileURLToPath } from "node:url";
import { expect, test } from "vitest";

const root = join(dirname(fileURLToPath(import.meta.url)), "../..");

/** Reads what is given to `--set`, and names it. */
const READER = "packages/runs/src/config/set.ts";

test("packages advise by settings, `data.size=16`, which the command shows with its --set and the page as they are", () => {
  const sources = readdirSync(join(root, "packages")).flatMap((name) => {
    const source = join(root, "packages", name, "src");
    return readdirSync(source, { recursive: true, encoding: "utf8" })
      .filter((path) => path.endsWith(".ts"))
      .map((path) => join(source, path));
  });
  expect(sources.length).toBeGreaterThan(500);
  const naming = sources.filter((path) => /--(set|skip-bad)\b/.test(readFileSync(path, "utf8")));
  expect(naming.map((path) => relative(root, path))).toEqual([READER]);
});
