import { execFileSync } from "node:child_process";
import { existsSync, mkdirSync, readdirSync, renameSync, rmSync, statSync } from "node:fs";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";

const app = fileURLToPath(new URL("../..", import.meta.url));
const root = dirname(dirname(app));
const built = join(app, "dist");

/** Builds the command that tests start, unless it is newer than all that it is made of. */
export function buildCommand(): void {
  const main = join(built, "main.js");
  if (existsSync(main) && statSync(main).mtimeMs > lastChange()) return;
  // Two test runs may build at once: each makes its own folder, and the last one stays.
  const folder = join(app, `dist.${process.pid}`);
  const replaced = `${folder}.old`;
  const tsdown = join(root, "node_modules", "tsdown", "dist", "run.mjs");
  execFileSync(process.execPath, [tsdown, "--out-dir", folder, "--logLevel", "error"], { cwd: app });
  mkdirSync(built, { recursive: true });
  renameSync(built, replaced);
  renameSync(folder, built);
  rmSync(replaced, { recursive: true, force: true });
}

/** When the newest of the files was written that the command is made of, in milliseconds. */
function lastChange(): number {
  const packages = readdirSync(join(root, "packages")).map((name) => join(root, "packages", name));
  const files = [app, ...packages].flatMap((folder) => [
    join(folder, "package.json"),
    ...readdirSync(join(folder, "src"), { recursive: true, encoding: "utf8" }).map((path) =>
      join(folder, "src", path),
    ),
  ]);
  const settings = [join(app, "tsdown.config.ts"), join(root, "pnpm-lock.yaml")];
  return Math.max(...[...files, ...settings].map((path) => statSync(path).mtimeMs));
}
