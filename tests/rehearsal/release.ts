import { writeFileSync } from "node:fs";
import { join } from "node:path";
import type { PackageRegistry } from "./registry.ts";
import { run } from "./run.ts";

/** Gives the tree its next versions and changelogs, builds it, and publishes what is public, as the release workflow does. */
export async function release(
  tree: string,
  registry: PackageRegistry,
  report: (text: string) => void,
): Promise<void> {
  await run("npx", ["changeset", "status"], { cwd: tree });
  await run("npx", ["changeset", "version"], { cwd: tree });
  report("versions and changelogs");
  await run("npm", ["run", "build"], { cwd: tree, env: { TURBO_TELEMETRY_DISABLED: "1" }, limit: 900 });
  report("built");
  writeFileSync(join(tree, ".npmrc"), registry.npmrc);
  const env = { npm_config_registry: registry.url, pnpm_config_registry: registry.url };
  await run("npx", ["changeset", "publish"], { cwd: tree, env, limit: 600 });
  report("published");
}
