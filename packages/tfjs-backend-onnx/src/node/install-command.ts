import { existsSync, readFileSync } from "node:fs";
import { dirname, join } from "node:path";

/** The version of onnxruntime-node whose native binding this package calls. */
export const RUNTIME_VERSION = "1.30.0";

/**
 * Lines that install ONNX Runtime's library from the registry alone: on Linux x64 its install script would download CUDA's
 * libraries from another host.
 */
const COMMANDS = {
  npm: `npm install onnxruntime-node@${RUNTIME_VERSION} --ignore-scripts`,
  pnpm: `pnpm add onnxruntime-node@${RUNTIME_VERSION} --ignore-scripts`,
  "yarn 1": `yarn add onnxruntime-node@${RUNTIME_VERSION} --ignore-scripts`,
  yarn: `yarn add onnxruntime-node@${RUNTIME_VERSION} --mode=skip-build`,
  bun: `bun add onnxruntime-node@${RUNTIME_VERSION} --ignore-scripts`,
} as const;

const LOCKFILES: Readonly<Record<string, (path: string) => keyof typeof COMMANDS>> = {
  "pnpm-lock.yaml": () => "pnpm",
  "yarn.lock": (path) => (readFileSync(path, "utf8").includes("# yarn lockfile v1") ? "yarn 1" : "yarn"),
  "bun.lock": () => "bun",
  "bun.lockb": () => "bun",
  "package-lock.json": () => "npm",
};

/**
 * The command that installs onnxruntime-node with the package manager of a project: the one whose lockfile is in the folder
 * or in the nearest one above it; npm where there is none.
 */
export function installCommand(folder: string = process.cwd()): string {
  for (let at = folder; ; at = dirname(at)) {
    for (const [file, managerOf] of Object.entries(LOCKFILES)) {
      if (existsSync(join(at, file))) return COMMANDS[managerOf(join(at, file))];
    }
    if (at === dirname(at)) return COMMANDS.npm;
  }
}
