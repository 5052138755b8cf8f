import { execFileSync } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
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

/** Runs TensorFlow.js's own tests in a process of their own, since jasmine and vitest share global names. */
function runSuite(backend: string): SuiteResult {
  const script = fileURLToPath(new URL("./tfjs-suite/run.mjs", import.meta.url));
  const result = join(folder, `${backend}.json`);
  execFileSync(process.execPath, [script, backend, result], { stdio: "pipe" });
  return JSON.parse(readFileSync(result, "utf8")) as SuiteResult;
}

describe("TensorFlow.js's own tests", () => {
  let cpu: SuiteResult;
  let onnx: SuiteResult;
  beforeAll(() => {
    cpu = runSuite("cpu");
    onnx = runSuite("onnx");
  }, 300_000);

  it("are all there", () => {
    expect(cpu.passed.length).toBeGreaterThan(4000);
  });

  it("pass wherever the cpu backend passes, but for the listed exclusions", () => {
    const expected = new Set(cpu.passed);
    const unexpected = onnx.failed.filter(({ name }) => expected.has(name) && !(name in exclusions));
    expect(unexpected).toEqual([]);
  });

  it("pass for at least 99 percent of what the cpu backend passes", () => {
    const expected = new Set(cpu.passed);
    const passed = new Set(onnx.passed.filter((name) => expected.has(name)));
    expect(passed.size / expected.size).toBeGreaterThanOrEqual(0.99);
  });

  it("need every exclusion that is listed", () => {
    const failed = new Set(onnx.failed.map(({ name }) => name));
    for (const name of Object.keys(exclusions)) expect(failed, name).toContain(name);
  });
});
