import "@tensorflow/tfjs";
import { spawnSync } from "node:child_process";
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { createRequire } from "node:module";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import * as tf from "@tensorflow/tfjs-core";
import { beforeAll, describe, expect, it } from "vitest";
import type { OnnxBackend } from "../src/backend.ts";
import { explain } from "../src/errors.ts";
import type { OpDefinition } from "../src/graph/operation.ts";
import { compiledStep, configureOnnx, OnnxBackendError, onnxProviders } from "../src/index.ts";
import { explainLoading, explainVersion } from "../src/node/explain-loading.ts";
import { installCommand } from "../src/node/install-command.ts";
import { nodeRuntime } from "../src/node/runtime.ts";
import type { Runtime } from "../src/runtime/runtime.ts";
import { tryProviders } from "../src/runtime/try-providers.ts";

beforeAll(async () => {
  await tf.setBackend("onnx");
});

/** Registers a kernel of one input that becomes whatever `lower` emits, and returns an operation that calls it. */
function kernelOf(name: string, lower: OpDefinition["lower"]): (x: tf.Tensor) => tf.Tensor {
  tf.registerKernel({
    kernelName: name,
    backendName: "onnx",
    kernelFunc: ({ inputs, backend: given }) => {
      const backend = given as OnnxBackend;
      backend.recorder.kernel = name;
      const x = backend.recorded(inputs.x!);
      return backend.adopt(backend.recorder.op({ name, lower }, [x], x.shape, "float32"));
    },
  });
  return (x) => tf.engine().runKernel(name, { x }, {}) as unknown as tf.Tensor;
}

/** Picks elements by indices that are known only when the graph runs. */
const pickLate = (x: tf.Tensor, indices: readonly number[]): tf.Tensor =>
  tf.tidy(() => tf.gather(x, tf.cast(tf.sub(tf.tensor1d([...indices]), 0), "int32")));

/** The message of what a function throws. */
function messageOf(body: () => unknown): string {
  try {
    body();
  } catch (error) {
    expect(error).toBeInstanceOf(OnnxBackendError);
    return (error as Error).message;
  }
  return expect.unreachable("nothing was thrown") as never;
}

/** One line, no number of a node, no name of a tensor of the graph. */
function expectReadable(message: string): void {
  expect(message).not.toMatch(/\n|#\d|\bt\d+\b/);
}

describe("what fails inside ONNX Runtime names the kernel, shapes and dtypes", () => {
  it("while a graph runs", () => {
    const picked = pickLate(tf.tensor1d([1, 2, 3]), [0, 9]);
    const message = messageOf(() => tf.neg(picked).dataSync());
    expect(message).toMatch(/kernel GatherV2\(float32\[3\], int32\[2\]\) -> float32\[2\]: .*idx=9/);
    expectReadable(message);
  });

  it("while a graph is compiled, for an operator that does not exist", () => {
    const broken = kernelOf("Broken", (c, node) =>
      c.set(node.outputs[0]!, c.emit("NoSuchOperator", [c.get(node.inputs[0]!)], [2, 3])),
    );
    const message = messageOf(() => broken(tf.ones([2, 3])).dataSync());
    expect(message).toMatch(/kernel Broken\(float32\[2,3\]\) -> float32\[2,3\]: .*NoSuchOperator/);
    expectReadable(message);
  });

  it("while a graph is compiled, for shapes that do not fit", () => {
    const broken = kernelOf("Misfit", (c, node) => {
      const x = c.get(node.inputs[0]!);
      c.set(node.outputs[0]!, c.emit("MatMul", [x, x], [2, 3]));
    });
    const message = messageOf(() => broken(tf.ones([2, 3])).dataSync());
    expect(message).toMatch(/kernel Misfit\(float32\[2,3\]\) -> float32\[2,3\]: .*matrix multiplication/);
    expectReadable(message);
  });

  it("while a graph is made", () => {
    const broken = kernelOf("Unfinished", () => {
      throw new TypeError("x is undefined");
    });
    const message = messageOf(() => broken(tf.ones([2])).dataSync());
    expect(message).toMatch(/kernel Unfinished\(float32\[2\]\) -> float32\[2\]: .*x is undefined/);
  });

  it("in a compiled step, which works again with other inputs", () => {
    const step = compiledStep(({ x, i }) => ({ y: tf.gather(x!, tf.cast(i!, "int32")) }));
    const x = tf.tensor1d([5, 6, 7]);
    const pick = (index: number): number[] => [
      ...step({ x, i: tf.tensor1d([index, index], "int32") }).y!.dataSync(),
    ];
    expect([pick(1), pick(2), pick(0)]).toEqual([
      [6, 6],
      [7, 7],
      [5, 5],
    ]);
    expectReadable(messageOf(() => pick(3)));
    expect(pick(2)).toEqual([7, 7]);
  });

  it("also where the runtime does not say which one it was: then all are named, or the first of many", () => {
    const cause = new Error("[ShapeInferenceError] dimensions differ");
    const named = (count: number): string =>
      (
        explain(
          cause,
          Array.from({ length: count }, (_, i) => `Add${i} #${i}`),
        ) as Error
      ).message;
    expect(named(2)).toContain("one of the kernels Add0; Add1: ");
    expect(named(9)).toContain("one of the kernels Add0; Add1; Add2; Add3; and 5 more: ");
  });
});

describe("after a failure", () => {
  it("the results that depended on it are refused, and others are computed", () => {
    const lost = pickLate(tf.tensor1d([1, 2, 3]), [7]);
    expect(() => lost.dataSync()).toThrow(/GatherV2/);
    expect(() => lost.dataSync()).toThrow(/float32 tensor of shape \[1\] failed before/);
    expect(() => tf.neg(lost)).toThrow(/kernel Neg: .*float32 tensor of shape \[1\] that was never computed/);
    expect([...tf.neg(tf.tensor1d([1, 2])).dataSync()]).toEqual([-1, -2]);
  });

  it("a tensor that fits into no memory is refused by its size", () => {
    const huge = tf.mul(tf.ones([2 ** 20, 1]), tf.ones([1, 2 ** 20]));
    expect(messageOf(() => huge.dataSync())).toContain(
      "no room for a float32 tensor of 1099511627776 elements",
    );
    expect(tf.add(1, 1).dataSync()[0]).toBe(2);
  });
});

describe("settings are refused at once, in one line", () => {
  it.each([
    [{ providers: ["metal"] }, /no execution provider "metal" here\. There are: cpu/],
    [{ providers: [] }, /providers is \[\]\. It has to be a list of names/],
    [{ threads: 0 }, /threads is 0\. It has to be a whole number of at least 1/],
    [{ maxSessions: 1.5 }, /maxSessions is 1\.5/],
    [{ thread: 1 } as object, /no option thread\. Options: threads, providers/],
  ])("%j", (options, expected) => {
    const message = messageOf(() => configureOnnx(options));
    expect(message).toMatch(expected);
    expectReadable(message);
  });

  it("an execution provider that is there but does not start names itself and the reason", () => {
    const runtime: Runtime = {
      ...nodeRuntime(),
      compile: () => {
        throw new Error("/onnxruntime/core/webgpu.cc:136 f() status == Success was false. No adapters.\n");
      },
    };
    const session = { threads: 1, providers: ["webgpu"], profile: "" };
    const message = messageOf(() => tryProviders(runtime, session));
    expect(message).toMatch(/the execution providers webgpu of onnxruntime-node do not start: No adapters\./);
    expectReadable(message);
  });

  it("and those that the runtime has are accepted", () => {
    expect(onnxProviders()).toContain("cpu");
    expect(() => configureOnnx({ providers: onnxProviders() })).not.toThrow();
  });
});

it("a machine that ONNX Runtime does not load on is reported in one line, and the next backend works", () => {
  const file = (name: string): string => fileURLToPath(new URL(`./missing/${name}`, import.meta.url));
  const { stdout, stderr } = spawnSync(
    process.execPath,
    ["-r", file("no-runtime.cjs"), "--import", "tsx", "--conditions=@ddpm/source", file("program.ts")],
    { encoding: "utf8" },
  );
  const reason =
    "[tfjs-backend-onnx/runtime] onnxruntime-node does not load: libonnxruntime.so.1: cannot open shared object file. Its files are damaged or for another system. Install it again: ";
  const reported = JSON.parse(stdout.trim().split("\n").at(-1)!) as { reason: string };
  expect(reported).toMatchObject({ started: false, backend: "cpu", sum: 2 });
  expect(reported.reason).toContain(reason);
  const lines = stderr.split("\n").filter((line) => line.includes("tfjs-backend-onnx"));
  expect(lines).toHaveLength(1);
  expect(lines[0]).toContain(reason);
  expect(lines[0]).toMatch(/now computes in plain JavaScript/);
});

describe("a native library that does not load is explained", () => {
  const thrown = (message: string, code: string): NodeJS.ErrnoException =>
    Object.assign(new Error(message), { code });
  it.each([
    [
      "the package is missing",
      "Cannot find module 'onnxruntime-node'",
      "MODULE_NOT_FOUND",
      /is not installed/,
      /Install it: .* onnxruntime-node@1\.30\.0/,
    ],
    [
      "another architecture",
      "Cannot find module '../bin/napi-v6/linux/ia32/onnxruntime_binding.node'",
      "MODULE_NOT_FOUND",
      /no native library for linux ia32/,
      /wasm/,
    ],
    [
      "musl",
      "Error loading shared library ld-linux-x86-64.so.2: No such file or directory",
      "ERR_DLOPEN_FAILED",
      /built for glibc/,
      /wasm/,
    ],
    [
      "a text file in its place",
      "libonnxruntime.so.1: invalid ELF header",
      "ERR_DLOPEN_FAILED",
      /invalid ELF header/,
      /damaged/,
    ],
  ] as const)("%s", (_, message, code, reason, hint) => {
    const [found, advice] = explainLoading(thrown(message, code), "linux ia32");
    expect(found).toMatch(reason);
    expect(advice).toMatch(hint);
  });
});

describe("the command that installs ONNX Runtime is that of the project's package manager", () => {
  it.each([
    ["package-lock.json", "{}", "npm install onnxruntime-node@1.30.0 --ignore-scripts"],
    ["pnpm-lock.yaml", "", "pnpm add onnxruntime-node@1.30.0 --ignore-scripts"],
    ["yarn.lock", "# yarn lockfile v1", "yarn add onnxruntime-node@1.30.0 --ignore-scripts"],
    ["yarn.lock", "__metadata:", "yarn add onnxruntime-node@1.30.0 --mode=skip-build"],
    ["bun.lock", "", "bun add onnxruntime-node@1.30.0 --ignore-scripts"],
  ])("%s containing %j: %s", (lockfile, text, command) => {
    const project = mkdtempSync(join(tmpdir(), "install-command-"));
    mkdirSync(join(project, "src"));
    writeFileSync(join(project, lockfile), text);
    expect(installCommand(join(project, "src"))).toBe(command);
    rmSync(project, { recursive: true });
  });

  it("names the version whose binding is called, and refuses another one", () => {
    const require = createRequire(import.meta.url);
    const { version } = require("onnxruntime-node/package.json") as { version: string };
    expect(explainVersion(version)).toBeUndefined();
    expect(explainVersion("1.24.0")).toEqual([
      expect.stringContaining("onnxruntime-node 1.24.0 is installed, expected 1.30.0"),
      expect.stringContaining(`onnxruntime-node@${version}`),
    ]);
  });
});

it("a second copy of tfjs-core is reported in words, and the backend is found through it", () => {
  const program = fileURLToPath(new URL("./missing/two-copies.ts", import.meta.url));
  const { stdout, stderr } = spawnSync(
    process.execPath,
    ["--import", "tsx", "--conditions=@ddpm/source", program],
    { encoding: "utf8" },
  );
  expect(stdout.trim().split("\n").at(-1)).toBe("true 3");
  expect(stderr).toMatch(
    /two copies of tfjs-core: these packages use 4\.\d+\.\d+.*npm ls @tensorflow\/tfjs-core/,
  );
});
