import { execFileSync } from "node:child_process";
import { readFileSync, statSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { expect, test } from "vitest";
import { temporaryFolder } from "./support/command.ts";

const bin = fileURLToPath(new URL("../bin/ddpm.mjs", import.meta.url));
const folder = temporaryFolder();

/** Notes the address of every ES module that a process loads, and what it requires. */
const hooks = `
import { appendFileSync } from "node:fs";
export async function load(url, context, next) {
  appendFileSync(process.env.LOADED, url + "\\n");
  return next(url, context);
}`;
const preload = `
import { appendFileSync } from "node:fs";
import { Module, register } from "node:module";
import { pathToFileURL } from "node:url";
register(new URL("hooks.mjs", import.meta.url));
process.on("exit", () => {
  for (const path of Object.keys(Module._cache)) appendFileSync(process.env.LOADED, pathToFileURL(path) + "\\n");
});`;
writeFileSync(join(folder, "hooks.mjs"), hooks);
writeFileSync(join(folder, "preload.mjs"), preload);

/** Paths of the files that the command loads before it ends. */
function loadedBy(...words: readonly string[]): string[] {
  const list = join(folder, `${words.join("-")}.txt`);
  const flags = ["--import", join(folder, "preload.mjs"), bin, ...words];
  execFileSync(process.execPath, flags, { env: { ...process.env, LOADED: list }, stdio: "pipe" });
  const addresses = new Set(readFileSync(list, "utf8").split("\n"));
  return [...addresses].filter((url) => url.startsWith("file:")).map((url) => fileURLToPath(url));
}

test.each([["--help"], ["train", "--help"], ["sample", "--help"], ["eval", "--help"], ["inpaint", "--help"]])(
  "`ddpm %s %s` loads no tensors and at most 400 kB of programs, so that it starts within half a second",
  (...words) => {
    const loaded = loadedBy(...words.filter((word) => word !== undefined));
    expect(loaded).toContain(bin);
    expect(loaded.filter((path) => /@tensorflow|onnxruntime|sharp/.test(path))).toEqual([]);
    const bytes = loaded.map((path) => statSync(path).size);
    expect(bytes.reduce((sum, size) => sum + size, 0)).toBeLessThan(400_000);
  },
);
