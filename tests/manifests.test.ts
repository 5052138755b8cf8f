import { spawnSync } from "node:child_process";
import { readdirSync, readFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { expect, test } from "vitest";

const root = dirname(dirname(fileURLToPath(import.meta.url)));

const folders = [
  ...readdirSync(join(root, "packages")).map((name) => `packages/${name}`),
  "apps/create-ddpm",
  "apps/trainer",
];

test("all manifests have the shared fields of the root's (npm run manifests writes them)", () => {
  const tool = join(root, "tools/manifests.mjs");
  const { status, stdout } = spawnSync(process.execPath, [tool, "--check"], { encoding: "utf8" });
  expect(stdout).toBe("");
  expect(status).toBe(0);
});

test.each(folders)("the manifest of %s describes it, and names what is published", (folder) => {
  const manifest = JSON.parse(readFileSync(join(root, folder, "package.json"), "utf8"));
  expect(manifest.description.length).toBeGreaterThan(20);
  expect(new Set(manifest.keywords).size).toBeGreaterThan(6);
  expect(manifest.repository).toMatchObject({ type: "git", directory: folder });
  if (manifest.private) return;
  expect(manifest).toHaveProperty("sideEffects");
  expect(manifest.files).toContain("dist");
  expect(manifest.publishConfig.access).toBe("public");
});
