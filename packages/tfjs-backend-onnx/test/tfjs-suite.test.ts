import { execFileSync } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { exclusions } from "./tfjs-suite/exclusions.ts";

interface SuiteResult {
  readonly passed: readonly string[];
  readonly failed: readonly { readonly name: string; readonly message: string }[];
}

const folder = mkdtempSync(join(tmpdir(), "tfjs-suite-"));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

/** Runs TensorFlow.js's own tests, or some of them, in a process of their own, since jasmine and vitest share global names. */
function runSuite(backend: string, only?: readonly string[]): SuiteResult {
  const script = fileURLToPath(new URL("./tfjs-suite/run.mjs", import.meta.url));
  const result = join(folder, `${backend}.json`);
  const names = join(folder, "names.json");
  if (only) writeFileSync(names, JSON.stringify(only));
  execFileSync(process.execPath, [script, backend, result, ...(only ? [names] : [])], { stdio: "pipe" });
  return JSON.parse(readFileSync(result, "utf8")) as SuiteResult;
}

describe("TensorFlow.js's own tests", () => {
  let onnx: SuiteResult;
  /** What failed, and passes on the cpu backend. */
  let failed: SuiteResult["failed"];
  beforeAll(() => {
    onnx = runSuite("onnx");
    const cpu = runSuite(
      "cpu",
      onnx.failed.map(({ name }) => name),
    );
    expect(cpu.passed.length + cpu.failed.length).toBe(onnx.failed.length);
    const passes = new Set(cpu.passed);
    failed = onnx.failed.filter(({ name }) => passes.has(name));
  }, 300_000);

  it("are all there", () => {
    expect(onnx.passed.length).toBeGreaterThan(4000);
  });

  it("pass wherever the cpu backend passes, but for the listed exclusions", () => {
    expect(failed.filter(({ name }) => !(name in exclusions))).toEqual([]);
  });

  it("pass for at least 99 percent of what the cpu backend passes", () => {
    const { length } = onnx.passed;
    expect(length / (length + failed.length)).toBeGreaterThanOrEqual(0.99);
  });

  it("need every exclusion that is listed", () => {
    const names = new Set(onnx.failed.map(({ name }) => name));
    for (const name of Object.keys(exclusions)) expect(names, name).toContain(name);
  });
});
