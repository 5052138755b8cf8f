import { execFileSync } from "node:child_process";
import { readdirSync, readFileSync, statSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import type { PackageRegistry } from "./registry.ts";
import { run } from "./run.ts";

/** A published package: what a user downloads and gets on the disk. */
export interface Published {
  readonly name: string;
  readonly version: string;
  readonly packedBytes: number;
  readonly unpackedBytes: number;
  readonly files: number;
}

/** Gives the tree its next versions and changelogs, builds it, and publishes what is public, as the release workflow does. */
export async function release(tree: string, registry: PackageRegistry): Promise<void> {
  await run("npx", ["changeset", "version"], { cwd: tree });
  await run("npm", ["run", "build"], { cwd: tree, env: { TURBO_TELEMETRY_DISABLED: "1" }, limit: 600 });
  writeFileSync(join(tree, ".npmrc"), registry.npmrc);
  const env = { npm_config_registry: registry.url, pnpm_config_registry: registry.url };
  await run("npx", ["changeset", "publish"], { cwd: tree, env, limit: 600 });
}

/** Every public package of a tree, as the registry has it. @throws where one is not there in its version */
export async function publishedPackages(tree: string, registry: PackageRegistry): Promise<Published[]> {
  const found: Published[] = [];
  for (const { name, version } of publicManifests(tree)) {
    const response = await fetch(`${registry.url}${name.replace("/", "%2f")}`);
    const { versions } = (await response.json()) as { versions?: Record<string, { dist: Dist }> };
    const dist = versions?.[version]?.dist;
    if (!dist) throw new Error(`${name}@${version} has not been published`);
    found.push({ name, version, ...(await contents(dist)) });
  }
  return found;
}

interface Dist {
  readonly tarball: string;
}

async function contents({ tarball }: Dist): Promise<Omit<Published, "name" | "version">> {
  const bytes = new Uint8Array(await (await fetch(tarball)).arrayBuffer());
  const sizes = execFileSync("tar", ["tzvf", "-"], { input: bytes, encoding: "utf8" })
    .split("\n")
    .flatMap((line) => (line.startsWith("-") ? [Number(line.split(/\s+/)[2])] : []));
  return {
    packedBytes: bytes.length,
    unpackedBytes: sizes.reduce((sum, size) => sum + size, 0),
    files: sizes.length,
  };
}

/** Manifests of the packages that are published. */
function publicManifests(tree: string): { name: string; version: string }[] {
  return ["packages", "apps"].flatMap((group) =>
    readdirSync(join(tree, group))
      .map((folder) => join(tree, group, folder, "package.json"))
      .filter((path) => statSync(path, { throwIfNoEntry: false }))
      .map((path) => JSON.parse(readFileSync(path, "utf8")))
      .filter(({ private: own }) => !own),
  );
}
