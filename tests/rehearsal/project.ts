import { mkdirSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import type { PackageRegistry } from "./registry.ts";
import { run } from "./run.ts";

/** A fresh folder in which a consumer tries the packages; all tools in it install from the rehearsal's registry. */
export interface Project {
  readonly folder: string;
  /** The copy of the repository that was released. */
  readonly tree: string;
  readonly registry: PackageRegistry;
  /** Writes a file, and the folders above it. */
  write(path: string, text: string): void;
  /** Runs a program in the folder. @throws with what it printed, where its status is not 0 */
  run(command: string, words: readonly string[], more?: RunMore): Promise<string>;
  /** `npm install`, with these words. */
  install(...words: readonly string[]): Promise<string>;
}

interface RunMore {
  readonly env?: Readonly<Record<string, string>>;
  /** A folder below the project's. */
  readonly below?: string;
  /** Seconds; 300. */
  readonly limit?: number;
}

/** What the tools take for their registry: npm and Bun from `.npmrc` as well, Yarn 4 and Deno from the environment only. */
function environment({ url }: PackageRegistry, caches: string): Record<string, string> {
  return {
    npm_config_registry: url,
    NPM_CONFIG_REGISTRY: url,
    pnpm_config_registry: url,
    // Caches of the rehearsal: those of an earlier one hold other packages of the same versions.
    npm_config_cache: join(caches, "npm"),
    pnpm_config_store_dir: join(caches, "pnpm-store"),
    pnpm_config_cache_dir: join(caches, "pnpm"),
    YARN_CACHE_FOLDER: join(caches, "yarn"),
    YARN_GLOBAL_FOLDER: join(caches, "yarn-global"),
    BUN_INSTALL_CACHE_DIR: join(caches, "bun"),
    npm_config_fund: "false",
    npm_config_audit: "false",
    npm_config_update_notifier: "false",
    // The packages were published a moment ago, which these tools would distrust.
    pnpm_config_minimum_release_age: "0",
    YARN_NPM_MINIMAL_AGE_GATE: "0",
    YARN_NPM_REGISTRY_SERVER: url,
    YARN_UNSAFE_HTTP_WHITELIST: "127.0.0.1",
    YARN_ENABLE_IMMUTABLE_INSTALLS: "false",
    YARN_ENABLE_TELEMETRY: "0",
    NEXT_TELEMETRY_DISABLED: "1",
    NO_COLOR: "1",
    CI: "1",
  };
}

/** Makes a project with a `package.json` in a folder. */
export function makeProject(folder: string, tree: string, registry: PackageRegistry): Project {
  mkdirSync(folder, { recursive: true });
  const env = environment(registry, join(dirname(folder), "caches"));
  const write: Project["write"] = (path, text) => {
    mkdirSync(dirname(join(folder, path)), { recursive: true });
    writeFileSync(join(folder, path), text);
  };
  write(".npmrc", registry.npmrc);
  const started: Project["run"] = (command, words, { env: more = {}, below = "", limit = 300 } = {}) =>
    run(command, words, { cwd: join(folder, below), env: { ...env, ...more }, limit });
  return {
    folder,
    tree,
    registry,
    write,
    run: started,
    install: (...words) => started("npm", ["install", "--silent", ...words]),
  };
}
