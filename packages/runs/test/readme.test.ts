import { execFile } from "node:child_process";
import { mkdtempSync, readdirSync, readFileSync, rmSync } from "node:fs";
import { createRequire } from "node:module";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath, pathToFileURL } from "node:url";
import { promisify } from "node:util";
import { expect, test } from "vitest";

const example = fileURLToPath(new URL("support/example.ts", import.meta.url));
const readme = fileURLToPath(new URL("../README.md", import.meta.url));
const root = new URL("../../../package.json", import.meta.url);

test("the README shows the example, and the example does what the README says", async () => {
  const [, shown] = /```ts\n([\s\S]*?)```/.exec(readFileSync(readme, "utf8"))!;
  expect(shown).toBe(readFileSync(example, "utf8"));

  const folder = mkdtempSync(join(tmpdir(), "ddpm-readme-"));
  const tsx = pathToFileURL(createRequire(root).resolve("tsx")).href;
  const { stdout } = await promisify(execFile)(
    process.execPath,
    ["--conditions=@ddpm/source", "--import", tsx, example],
    { cwd: folder },
  );
  const losses = [...stdout.matchAll(/loss ([\d.]+)/g)].map(([, loss]) => Number(loss));
  expect(losses).toHaveLength(4);
  expect(losses[3]).toBeLessThan(losses[0]! / 2);
  expect(readdirSync(join(folder, "runs/circle/checkpoints"))).toEqual([
    "000000004800",
    "000000006400",
    "latest",
  ]);
  rmSync(folder, { recursive: true, force: true });
});
