import { spawnSync } from "node:child_process";
import { readdirSync, readFileSync, statSync, writeFileSync } from "node:fs";
import { dirname, join, relative } from "node:path";
import { fileURLToPath } from "node:url";
import { expect } from "vitest";

const ddpm = fileURLToPath(new URL("../../trainer/bin/ddpm.mjs", import.meta.url));

/** Runs the `ddpm` command, and expects that it works. */
export function runCommand(...args: readonly string[]): void {
  const { status, stdout } = spawnSync(process.execPath, [ddpm, ...args, "--json"], { encoding: "utf8" });
  expect(status, stdout).toBe(0);
}

/** Lets a run draw little when it ends: 64 pictures in 50 steps would take longer than its training. */
export function drawLittle(run: string): void {
  const path = join(run, "config.json");
  const config = JSON.parse(readFileSync(path, "utf8"));
  const sample = { count: 1, steps: 2, strip: 1, stages: 2 };
  writeFileSync(path, `${JSON.stringify({ ...config, sample }, null, 2)}\n`);
}

/** All files of a run's folder, to be zipped. */
export function filesOf(folder: string): Record<string, Uint8Array> {
  const paths = readdirSync(folder, { recursive: true, encoding: "utf8" });
  const files = paths.map((path) => join(folder, path)).filter((path) => statSync(path).isFile());
  return Object.fromEntries(files.map((path) => [relative(dirname(folder), path), readFileSync(path)]));
}
