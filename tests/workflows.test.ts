import { existsSync, readdirSync, readFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { expect, test } from "vitest";

const root = dirname(dirname(fileURLToPath(import.meta.url)));
const workflows = join(root, ".github/workflows");
const { scripts, engines } = JSON.parse(readFileSync(join(root, "package.json"), "utf8"));

test.each(readdirSync(workflows))("%s runs scripts and files that are there", (name) => {
  const text = readFileSync(join(workflows, name), "utf8");
  const named = [...text.matchAll(/npm run (?:--silent )?([\w:-]+)/g)].map(([, script]) => script!);
  expect(named.filter((script) => !(script in scripts))).toEqual([]);
  const files = [...text.matchAll(/\b(?:node|bash) ([\w./-]+)/g)].map(([, file]) => file!);
  expect(files.length).toBeGreaterThan(0);
  expect(files.filter((file) => !existsSync(join(root, file)))).toEqual([]);
});

test("the oldest Node that packages allow is tested", () => {
  const [, oldest] = /^>=(\d+)/.exec(engines.node)!;
  expect(readFileSync(join(workflows, "ci.yml"), "utf8")).toContain(`node: [${oldest}, `);
});
