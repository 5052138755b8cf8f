import { execFileSync } from "node:child_process";
import { readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { expect, test } from "vitest";

test("ddpm starts the @ddpm/cli that is installed", () => {
  const program = fileURLToPath(new URL("../bin/ddpm.mjs", import.meta.url));
  const manifest = fileURLToPath(new URL("../../../apps/trainer/package.json", import.meta.url));
  const { version } = JSON.parse(readFileSync(manifest, "utf8")) as { version: string };
  expect(execFileSync(process.execPath, [program, "--version"], { encoding: "utf8" }).trim()).toBe(version);
});
