import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { parseArgs } from "node:util";
import { type Consumer, check } from "./consumers/consumer.ts";
import { consumers } from "./consumers/index.ts";
import { type Publication, publishedPackages } from "./published.ts";
import { type PackageRegistry, startRegistry } from "./registry.ts";
import { release } from "./release.ts";
import { tableOf } from "./table.ts";
import { copyTree } from "./tree.ts";
import { type Trial, tryConsumers } from "./trials.ts";

const HELP = `npm run release:rehearse -- [options]

Does in a copy of the tree what a release does, publishes to a registry on loopback, and tries the packages from there.

  --consumers NAME…   who tries them, or "all"; usually ${usual()}
  --keep              leaves the folder in which all of it happened
  --reuse FOLDER      tries what an earlier rehearsal published and kept

Consumers: ${consumers.map(({ name }) => name).join(", ")}`;

function usual(): string {
  return consumers.flatMap(({ name, usual }) => (usual ? [name] : [])).join(", ");
}

const started = Date.now();
const report = (text: string): void =>
  console.log(`${String(Math.round((Date.now() - started) / 1000)).padStart(4)} s  ${text}`);

/** The consumers with these names; none: the usual ones. */
function wanted(names: readonly string[]): readonly Consumer[] {
  if (names.length === 0) return consumers.filter(({ usual }) => usual);
  if (names.includes("all")) return consumers;
  return names.map((name) => {
    const found = consumers.find((consumer) => consumer.name === name);
    check(found !== undefined, `unknown consumer "${name}"; --help lists them`);
    return found;
  });
}

async function released(folder: string, registry: PackageRegistry, reused: boolean): Promise<Publication[]> {
  const tree = join(folder, "tree");
  if (!reused) {
    await copyTree(dirname(dirname(dirname(fileURLToPath(import.meta.url)))), tree);
    report("copied the tree and installed what its lockfile lists");
    await release(tree, registry, report);
  }
  return publishedPackages(tree, registry);
}

function conclude(publications: readonly Publication[], trials: readonly Trial[]): void {
  console.log(`\n${tableOf(publications, trials)}`);
  const failed = trials.filter(({ error }) => error !== undefined);
  if (failed.length > 0) process.exitCode = 1;
  report(failed.length > 0 ? `failed: ${failed.map(({ name }) => name).join(", ")}` : "everything holds");
}

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: {
    consumers: { type: "string", multiple: true, default: [] },
    keep: { type: "boolean" },
    reuse: { type: "string" },
    help: { type: "boolean" },
  },
});
if (values.help) {
  console.log(HELP);
} else {
  const chosen = wanted([...values.consumers, ...positionals]);
  const folder = values.reuse ?? mkdtempSync(join(tmpdir(), "ddpm-rehearsal-"));
  const registry = await startRegistry(join(folder, "registry"));
  report(`${folder}, registry ${registry.url}`);
  try {
    const publications = await released(folder, registry, values.reuse !== undefined);
    conclude(publications, await tryConsumers(chosen, folder, registry, publications, report));
  } finally {
    registry.close();
    if (!values.keep && !values.reuse) rmSync(folder, { recursive: true, force: true });
  }
}
