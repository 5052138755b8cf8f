import { spawnSync } from "node:child_process";
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { afterEach, beforeEach, describe, expect, it } from "vitest";

const program = fileURLToPath(new URL("isolated/train.mjs", import.meta.url));
const strace = ["/usr/bin/strace", "/usr/local/bin/strace"].find(existsSync);
let home: string;
beforeEach(() => {
  home = mkdtempSync(join(tmpdir(), "onnx-home-"));
});
afterEach(() => rmSync(home, { recursive: true, force: true }));

/** Trains in a process whose home and cache folders are empty, and reports what it wrote there and whom it asked. */
function run(how: "main" | "workers"): { sums: number[]; written: string[]; connections: string[] } {
  const trace = join(home, "trace.txt");
  const traced = strace ? [strace, "-f", "-e", "trace=connect", "-o", trace] : [];
  const [command, ...args] = [...traced, process.execPath, "--conditions=@ddpm/source", program, how];
  const { ORT_DISABLE_TELEMETRY: _, ...rest } = process.env;
  const folders = ["XDG_CACHE_HOME", "XDG_CONFIG_HOME", "XDG_DATA_HOME", "XDG_STATE_HOME"];
  const env = { ...rest, HOME: home, ...Object.fromEntries(folders.map((name) => [name, join(home, name)])) };
  const { status, stdout, stderr } = spawnSync(command!, args, { encoding: "utf8", env });
  expect(status, stderr).toBe(0);
  const lines = strace ? readFileSync(trace, "utf8").split("\n") : [];
  return {
    sums: JSON.parse(stdout.trim().split("\n").at(-1)!) as number[],
    written: readdirSync(home, { recursive: true, encoding: "utf8" }).filter((path) => path !== "trace.txt"),
    connections: lines.filter((line) => /connect\(.*AF_INET/.test(line)),
  };
}

describe("a process that trains on onnx", () => {
  it("writes nothing into the user's folders and connects to no host", () => {
    const { written, connections } = run("main");
    expect(written).toEqual([]);
    expect(connections).toEqual([]);
  });

  it("may do so in two worker threads at once, with equal numbers, without telemetry, and end", () => {
    const { sums, written, connections } = run("workers");
    expect(sums).toHaveLength(2);
    expect(sums[0]).toBe(sums[1]);
    expect(written).toEqual([]);
    expect(connections).toEqual([]);
  });
});
