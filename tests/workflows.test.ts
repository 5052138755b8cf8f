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
  expect(named.length + files.length).toBeGreaterThan(0);
  expect(files.filter((file) => !existsSync(join(root, file)))).toEqual([]);
});

test("the oldest Node that packages allow is tested", () => {
  const [, oldest] = /^>=(\d+)/.exec(engines.node)!;
  expect(readFileSync(join(workflows, "ci.yml"), "utf8")).toContain(`node: [${oldest}, `);
});

test("packages are published by the identity of the release workflow, signed, and from nowhere else", () => {
  const texts = new Map(
    readdirSync(workflows).map((name) => [name, readFileSync(join(workflows, name), "utf8")] as const),
  );
  const release = texts.get("release.yml")!;
  expect(release).toMatch(/publish: npx changeset publish/);
  expect(release).toMatch(/id-token: write/);
  expect(release).toMatch(/NPM_CONFIG_PROVENANCE: true/);
  expect(release).not.toMatch(/^\s*registry-url:|NPM_TOKEN|NODE_AUTH_TOKEN/m);
  const others = [...texts].filter(
    ([name, text]) => name !== "release.yml" && /changeset publish/.test(text),
  );
  expect(others.map(([name]) => name)).toEqual([]);
});

test("previews name every public package", () => {
  const preview = readFileSync(join(workflows, "preview.yml"), "utf8");
  const folders = readdirSync(join(root, "apps")).map((name) => `apps/${name}`);
  const shared = folders.filter((folder) => {
    const path = join(root, folder, "package.json");
    return existsSync(path) && !JSON.parse(readFileSync(path, "utf8")).private;
  });
  expect(
    ["'./packages/*'", ...shared.map((folder) => `./${folder}`)].filter((one) => !preview.includes(one)),
  ).toEqual([]);
});

test("the site that is published was built and checked", () => {
  const site = readFileSync(join(workflows, "site.yml"), "utf8");
  const steps = ["npm run docs:build", "npm run docs:check", "upload-pages-artifact", "deploy-pages"];
  const places = steps.map((step) => site.indexOf(step));
  expect(places).toEqual([...places].filter((place) => place >= 0).sort((a, b) => a - b));
  expect(site).toContain("path: site/dist/site");
});
