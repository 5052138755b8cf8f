import { createRequire } from "node:module";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { beforeAll, describe, expect, test } from "vitest";
import { ddpm, startDdpm, temporaryFolder } from "./support/command.ts";
import { compareSteps, oneStep, type Step } from "./support/one-step.ts";
import { writeSmallRun } from "./support/small-run.ts";

const folder = temporaryFolder();
const small = writeSmallRun(folder);
function hasNative(): boolean {
  try {
    createRequire(import.meta.url)("@tensorflow/tfjs-node");
    return true;
  } catch {
    return false;
  }
}

describe("one training step from the same seed", () => {
  let reference: Step;
  beforeAll(async () => {
    reference = await oneStep("cpu");
  });

  // That of webgpu is tested where the other trainings on webgpu have compiled its shaders.
  const others = [
    ["wasm", true],
    ["onnx", true],
    ["node", hasNative()],
  ] as const;
  for (const [backend, present] of others) {
    test.skipIf(!present)(`has the loss and gradients of the cpu backend on ${backend}`, async () => {
      const { loss, wrong } = compareSteps(await oneStep(backend), reference);
      expect(loss).toBeLessThan(1e-4);
      expect(wrong).toEqual([]);
    });
  }
});

test("auto says which backend it took, and which it did not find", async () => {
  const { stdout } = await ddpm("train", small, "--out", join(folder, "auto"), "--dry-run");
  expect(stdout).toMatch(/backend +\w+[^;]+; .+/);
});

test("a native backend that is not installed is one line that says what is missing and how to get it", async () => {
  const { code, stderr } = await ddpm(
    "train",
    "quickstart",
    "--out",
    join(folder, "none"),
    "--backend",
    "node-gpu",
  );
  expect(code).toBe(2);
  expect(stderr.trim().split("\n")).toHaveLength(1);
  expect(stderr).toMatch(/tfjs-node-gpu is not installed.*npm install/);
});

test("threads are a whole number from 1 to 256", async () => {
  for (const threads of ["1000000", "1.5"]) {
    const { code, stderr } = await ddpm("train", "quickstart", "--threads", threads, "--dry-run");
    expect(code, threads).toBe(2);
    expect(stderr).toMatch(/--threads.*Expected a whole number from 1 to 256/);
  }
});

test("auto names the library that does not load, and why; asked for by name it is refused with what to do", async () => {
  const missing = fileURLToPath(
    new URL("../../../packages/tfjs-backend-onnx/test/missing/no-runtime.cjs", import.meta.url),
  );
  const environment = { NODE_OPTIONS: `--require ${missing}` };
  const words = ["train", small, "--dry-run", "--out", join(folder, "missing")];
  const auto = await startDdpm(words, environment).ended;
  expect(auto.code, auto.stderr).toBe(0);
  expect(auto.stdout).toMatch(/not here:.* onnx \(onnxruntime-node does not load: libonnxruntime[^)]*\)/);
  const named = await startDdpm([...words, "--backend", "onnx"], environment).ended;
  expect(auto.stderr).toMatch(/Install it again: .*\(until then \S+ computes, which is slower\)/);
  expect(named.code).toBe(2);
  expect(named.stderr).toMatch(/onnxruntime-node does not load: libonnxruntime.*Install it again/);
});
