// Installs what the lockfile says, once: a second call with the same lockfile returns at once.
import { spawnSync } from "node:child_process";
import { createHash } from "node:crypto";
import { existsSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";

const root = fileURLToPath(new URL("..", import.meta.url));
const stamp = join(root, "node_modules", ".ddpm-setup");
const { packageManager, engines } = JSON.parse(readFileSync(join(root, "package.json"), "utf8"));

/** Everything that decides what gets installed. */
function fingerprint() {
  const manifests = ["packages", "apps"].flatMap((folder) =>
    readdirSync(join(root, folder)).map((name) => join(folder, name, "package.json")),
  );
  const hash = createHash("sha256").update(process.version);
  const own = ["package.json", "pnpm-workspace.yaml", "pnpm-lock.yaml", join("site", "package.json")];
  for (const file of [...own, ...manifests.sort()]) {
    if (existsSync(join(root, file))) hash.update(file).update(readFileSync(join(root, file)));
  }
  return hash.digest("hex");
}

const [major, minor] = process.versions.node.split(".").map(Number);
if (major < 20 || (major === 20 && minor < 19)) {
  console.error(
    `@ddpm needs Node ${engines.node}; this is ${process.version}. Install a newer Node, then run this again.`,
  );
  process.exit(1);
}

const wanted = fingerprint();
if (!existsSync(stamp) || readFileSync(stamp, "utf8") !== wanted) {
  const started = Date.now();
  console.log("Setting up: installing packages …");
  const options = { cwd: root, encoding: "utf8", shell: process.platform === "win32" };
  const arguments_ = ["install", "--frozen-lockfile", "--prefer-offline", "--reporter=append-only"];
  const own = spawnSync("pnpm", ["--version"], options);
  const version = packageManager.split("@")[1];
  const result =
    own.status === 0 && own.stdout.trim() === version
      ? spawnSync("pnpm", arguments_, options)
      : spawnSync("npx", ["--yes", packageManager, ...arguments_], options);
  if (result.status !== 0) {
    console.error(result.stdout ?? "");
    console.error(result.stderr ?? result.error?.message ?? "");
    console.error("Setting up failed: see above. It needs the npm registry and nothing else.");
    process.exit(1);
  }
  writeFileSync(stamp, fingerprint());
  console.log(`Set up in ${Math.round((Date.now() - started) / 1000)} s.`);
}
