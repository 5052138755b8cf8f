import { spawnSync } from "node:child_process";
import { existsSync, readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { beforeAll, describe, expect, test } from "vitest";
import { ddpm, startDdpm, temporaryFolder } from "./support/command.ts";

const folder = temporaryFolder();
const script = fileURLToPath(new URL("fixtures/one-step.ts", import.meta.url));
const app = fileURLToPath(new URL("..", import.meta.url));

/** Debian's chromium brings a software Vulkan driver, which makes WebGPU testable anywhere. */
const swiftShader = "/usr/lib/chromium/vk_swiftshader_icd.json";
const graphics: Record<string, string> = process.env.VK_DRIVER_FILES
  ? {}
  : { VK_DRIVER_FILES: swiftShader, VK_ICD_FILENAMES: swiftShader, XDG_RUNTIME_DIR: folder };
const hasGraphics = Boolean(process.env.VK_DRIVER_FILES) || existsSync(swiftShader);

function hasNative(): boolean {
  try {
    createRequire(import.meta.url)("@tensorflow/tfjs-node");
    return true;
  } catch {
    return false;
  }
}

interface Step {
  readonly loss: number;
  readonly gradients: Readonly<Record<string, readonly number[]>>;
}

function oneStep(backend: string): Step {
  const file = join(folder, `${backend}.json`);
  const flags = ["--conditions=@ddpm/source", "--import", "tsx", script, backend, file];
  const environment = { ...process.env, ...(backend === "webgpu" ? graphics : {}) };
  const { status, stderr } = spawnSync(process.execPath, flags, {
    cwd: app,
    encoding: "utf8",
    env: environment,
  });
  expect(status, stderr).toBe(0);
  return JSON.parse(readFileSync(file, "utf8"));
}

const norm = (values: readonly number[]): number => Math.hypot(...values);
const distance = (a: readonly number[], b: readonly number[]): number =>
  norm(a.map((value, i) => value - b[i]!));

describe("one training step from the same seed", () => {
  let reference: Step;
  beforeAll(() => {
    reference = oneStep("cpu");
  });

  const others = [
    ["wasm", true],
    ["onnx", true],
    ["webgpu", hasGraphics],
    ["node", hasNative()],
  ] as const;
  for (const [backend, present] of others) {
    test.skipIf(!present)(
      `has the loss and gradients of the cpu backend on ${backend}`,
      () => {
        const step = oneStep(backend);
        expect(Math.abs(step.loss / reference.loss - 1)).toBeLessThan(1e-4);
        // A bias of attention's keys has no gradient but rounding: it is held to the whole gradient's size.
        const rounding = 1e-6 * norm(Object.values(reference.gradients).map(norm));
        for (const [name, values] of Object.entries(reference.gradients)) {
          expect(distance(step.gradients[name]!, values), name).toBeLessThan(1e-3 * norm(values) + rounding);
        }
      },
      240_000,
    );
  }
});

test("auto says which backend it took, and which it did not find", async () => {
  const { stdout } = await ddpm(
    "train",
    "quickstart",
    "--out",
    join(folder, "auto"),
    "--set",
    "train.images=32",
  );
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
  const words = ["train", "quickstart", "--dry-run", "--out", join(folder, "missing")];
  const auto = await startDdpm(words, environment).ended;
  expect(auto.code, auto.stderr).toBe(0);
  expect(auto.stdout).toMatch(/not here:.* onnx \(onnxruntime-node does not load: libonnxruntime[^)]*\)/);
  const named = await startDdpm([...words, "--backend", "onnx"], environment).ended;
  expect(named.code).toBe(2);
  expect(named.stderr).toMatch(/onnxruntime-node does not load: libonnxruntime.*Install it again/);
});
