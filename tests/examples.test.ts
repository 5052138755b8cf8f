import { spawnSync } from "node:child_process";
import { mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { expect, test } from "vitest";

const root = dirname(dirname(fileURLToPath(import.meta.url)));
/** A place from which every package of the workspace resolves. */
const app = join(root, "apps", "trainer");
const folder = join(app, "node_modules", ".examples");

const documents = ["docs/plugins.md", "docs/coming-from-pytorch.md"];
const examples = documents.flatMap((document) => {
  const text = readFileSync(join(root, document), "utf8");
  return [...text.matchAll(/```ts\n([\s\S]*?)```/g)].map((match, i) => ({ document, i, source: match[1]! }));
});

test("there are examples of a schedule, a sampler and a denoiser", () => {
  expect(examples.filter(({ document }) => document === "docs/plugins.md")).toHaveLength(3);
});

test.each(examples)(
  "$document, example $i, is complete and passes its own checks",
  ({ document, i, source }) => {
    mkdirSync(folder, { recursive: true });
    const file = join(folder, `${document.replaceAll(/\W/g, "-")}-${i}.mts`);
    writeFileSync(file, source);
    const flags = ["--conditions=@ddpm/source", "--import", "tsx", file];
    const { status, stderr, stdout } = spawnSync(process.execPath, flags, { cwd: app, encoding: "utf8" });
    expect(status, stderr).toBe(0);
    expect(stdout.trim()).not.toBe("");
  },
);
