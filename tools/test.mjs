// Runs all tests that this machine can run, and names what it left out and why.
import { spawnSync } from "node:child_process";
import { existsSync } from "node:fs";
import { createRequire } from "node:module";
import { join } from "node:path";
import { fileURLToPath } from "node:url";

const root = fileURLToPath(new URL("..", import.meta.url));
const require = createRequire(join(root, "apps", "trainer", "package.json"));
const installed = (name) => {
  try {
    require.resolve(name);
    return true;
  } catch {
    return false;
  }
};

const swiftShader = "/usr/lib/chromium/vk_swiftshader_icd.json";
const left = [
  !(process.env.VK_DRIVER_FILES || existsSync(swiftShader)) &&
    "WebGPU: no driver; set VK_DRIVER_FILES, or install chromium, which brings SwiftShader",
  !(process.env.CHROMIUM || existsSync("/usr/bin/chromium")) &&
    "browsers: no chromium; install it, or set CHROMIUM to its program",
  !process.env.DDPM_DATASETS &&
    "published data sets: set DDPM_DATASETS to a folder that has them (docs/data.md says which)",
  !installed("@tensorflow/tfjs-node") && "tfjs-node: the package and its native library are not installed",
  !installed("@tensorflow/tfjs-node-gpu") &&
    "tfjs-node-gpu: the package and its native library are not installed",
].filter(Boolean);

const vitest = join(root, "node_modules", "vitest", "vitest.mjs");
const { status } = spawnSync(process.execPath, [vitest, "run", ...process.argv.slice(2)], {
  cwd: root,
  stdio: "inherit",
});
if (left.length > 0)
  console.log(`\nLeft out on this machine:\n${left.map((line) => `  ${line}`).join("\n")}`);
process.exitCode = status ?? 1;
