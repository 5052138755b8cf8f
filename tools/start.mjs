// The main job on the embedded default: trains the quickstart, or shows what an earlier start left.
import { spawnSync } from "node:child_process";
import { existsSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";

const root = fileURLToPath(new URL("..", import.meta.url));
const run = join("runs", "quickstart");
const ddpm = (...words) =>
  spawnSync(process.execPath, [join("apps", "trainer", "bin", "from-source.mjs"), ...words], {
    cwd: root,
    stdio: "inherit",
  }).status ?? 1;

const begun = existsSync(join(root, run, "config.json"));
process.exitCode = ddpm("train", "quickstart", "--out", run, ...(begun ? ["--resume"] : []));
