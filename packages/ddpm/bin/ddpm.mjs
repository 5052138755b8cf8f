#!/usr/bin/env node
// The command is a package of its own, @ddpm/cli: the one of the project, else that of this version, which npx fetches.
import { spawn } from "node:child_process";
import { readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { join } from "node:path";
import { pathToFileURL } from "node:url";

/** The program of an installed @ddpm/cli; undefined where there is none. */
function installed() {
  for (const from of [join(process.cwd(), "package.json"), import.meta.url]) {
    try {
      return createRequire(from).resolve("@ddpm/cli/bin/ddpm.mjs");
    } catch {}
  }
  return undefined;
}

/** Runs the command by npx, which is part of npm and starts in a shell on Windows. */
function fetched(words) {
  const { version } = JSON.parse(readFileSync(new URL("../package.json", import.meta.url), "utf8"));
  const shell = process.platform === "win32";
  const quoted = shell ? words.map((word) => JSON.stringify(word)) : words;
  // The command answers Ctrl-C itself, and this program waits for it.
  for (const signal of ["SIGINT", "SIGTERM"]) process.on(signal, () => {});
  const child = spawn("npx", ["--yes", `@ddpm/cli@${version}`, ...quoted], { stdio: "inherit", shell });
  child.on("error", ({ message }) => {
    console.error(`npx does not start (${message}). Install the command: npm install @ddpm/cli`);
    process.exitCode = 1;
  });
  child.on("close", (status) => {
    process.exitCode = status ?? 1;
  });
}

const program = installed();
if (program) await import(pathToFileURL(program).href);
else fetched(process.argv.slice(2));
