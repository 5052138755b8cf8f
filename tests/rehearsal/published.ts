import { execFileSync } from "node:child_process";
import { existsSync, readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import type { PackageRegistry } from "./registry.ts";

/** A published package: what a user downloads and gets on the disk. */
export interface Publication {
  readonly name: string;
  readonly version: string;
  readonly packedBytes: number;
  readonly unpackedBytes: number;
  readonly files: number;
}

/** Every public package of a tree, as the registry has it. @throws where one is not there in its version */
export async function publishedPackages(tree: string, registry: PackageRegistry): Promise<Publication[]> {
  const found: Publication[] = [];
  for (const { name, version } of publicManifests(tree)) {
    const response = await fetch(`${registry.url}${name.replace("/", "%2f")}`);
    const { versions } = (await response.json()) as {
      versions?: Record<string, { dist: { tarball: string } }>;
    };
    const tarball = versions?.[version]?.dist.tarball;
    if (tarball === undefined) throw new Error(`${name}@${version} has not been published`);
    found.push({ name, version, ...(await contents(tarball)) });
  }
  return found;
}

async function contents(tarball: string): Promise<Omit<Publication, "name" | "version">> {
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

function publicManifests(tree: string): { name: string; version: string }[] {
  return ["packages", "apps"].flatMap((group) =>
    readdirSync(join(tree, group))
      .map((folder) => join(tree, group, folder, "package.json"))
      .filter((path) => existsSync(path))
      .map((path) => JSON.parse(readFileSync(path, "utf8")))
      .filter(({ private: own }) => !own),
  );
}
