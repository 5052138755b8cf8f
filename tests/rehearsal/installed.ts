import { existsSync, readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";

/** Names of our packages that are installed anywhere below a folder, symbolic links left out. */
export function installedBelow(
  folder: string,
  ours: ReadonlySet<string>,
  found = new Set<string>(),
): Set<string> {
  for (const entry of readdirSync(folder, { withFileTypes: true })) {
    if (!entry.isDirectory()) continue;
    const path = join(folder, entry.name);
    const name = nameAt(path);
    if (name !== undefined && ours.has(name)) found.add(name);
    else installedBelow(path, ours, found);
  }
  return found;
}

function nameAt(folder: string): string | undefined {
  const manifest = join(folder, "package.json");
  if (!existsSync(manifest)) return undefined;
  const { name } = JSON.parse(readFileSync(manifest, "utf8")) as { name?: string };
  return name;
}
