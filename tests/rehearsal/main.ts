import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { startRegistry } from "./registry.ts";
import { publishedPackages, release } from "./release.ts";
import { copyTree } from "./tree.ts";

const root = dirname(dirname(dirname(fileURLToPath(import.meta.url))));
const folder = mkdtempSync(join(tmpdir(), "ddpm-rehearsal-"));
const started = Date.now();
const report = (text: string): void =>
  console.log(`${String(Math.round((Date.now() - started) / 1000)).padStart(4)} s  ${text}`);

report(folder);
const tree = join(folder, "tree");
await copyTree(root, tree);
report("copied, installed");
const registry = await startRegistry(join(folder, "registry"));
report(registry.url);
try {
  await release(tree, registry);
  report("released");
  console.table(await publishedPackages(tree, registry));
} finally {
  registry.close();
  if (!process.argv.includes("--keep")) rmSync(folder, { recursive: true, force: true });
}
