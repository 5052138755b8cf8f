import { createRequire } from "node:module";
import { dirname } from "node:path";
import { pathToFileURL } from "node:url";
import { beforeAll, describe, expect, it } from "vitest";
import { encodeModel } from "../src/onnx/model.ts";
import type { Runtime } from "../src/runtime/runtime.ts";
import { findBlockedLayouts } from "../src/session/self-test.ts";
import { loadWasm, type OrtModule } from "../src/web/module.ts";
import { wasmRuntime } from "../src/web/runtime.ts";

const folder = pathToFileURL(
  dirname(createRequire(import.meta.url).resolve("onnxruntime-web/ort-wasm-simd-threaded.mjs")),
).href;
const session = { threads: 1, providers: ["cpu"], profile: "" };

/** y = x at some indices. */
function gatherModel(length: number): Uint8Array {
  const node = { op: "Gather", name: `GatherV2(float32[${length}], int32[2]) -> float32[2] #0` };
  return encodeModel({
    inputs: [
      { name: "x", type: "float32", shape: [length] },
      { name: "i", type: "int32", shape: [2] },
    ],
    outputs: [{ name: "y", type: "float32", shape: [2] }],
    constants: [],
    nodes: [{ ...node, domain: "", inputs: ["x", "i"], outputs: ["y"], attributes: { axis: 0 } }],
  });
}

describe("the WebAssembly runtime, without a browser", () => {
  let module: OrtModule;
  let runtime: Runtime;
  beforeAll(async () => {
    module = await loadWasm(1, folder);
    runtime = wasmRuntime(module);
  });

  const gather = (length: number, indices: readonly number[]): number[] => {
    const compiled = runtime.compile(gatherModel(length), session);
    const x = new Float32Array(length);
    for (const i of indices) if (i < length) x[i] = i / 2;
    const y = new Float32Array(2);
    try {
      compiled.run(
        {
          x: runtime.tensor("float32", x, [length]),
          i: runtime.tensor("int32", Int32Array.from(indices), [2]),
        },
        { y: runtime.tensor("float32", y, [2]) },
      );
    } finally {
      compiled.release();
    }
    return [...y];
  };

  it("computes at once, also when its memory has to grow", () => {
    expect(gather(3, [2, 1])).toEqual([1, 0.5]);
    const before = module.HEAPU8.length;
    expect(gather(2 ** 23, [2 ** 22, 5])).toEqual([2 ** 21, 2.5]);
    expect(module.HEAPU8.length).toBeGreaterThan(before);
  });

  it("frees what a session and its runs took, also after a failure", () => {
    const churn = (): void => {
      for (let n = 0; n < 20; n++) {
        gather(2 ** 18, [1, 2]);
        expect(() => gather(3, [1, 9])).toThrow(/GatherV2.*idx=9/);
      }
    };
    churn();
    const settled = module.HEAPU8.length;
    churn();
    expect(module.HEAPU8.length).toBe(settled);
  });

  it("has the start-up test decide that there are no blocked convolutions", () => {
    expect(findBlockedLayouts(runtime, session)).toBeNull();
  });

  it("refuses threads where memory cannot be shared, and a folder without its files, in one line", async () => {
    await expect(loadWasm(2, folder)).rejects.toThrow(/2 threads share memory.*Cross-Origin-Opener-Policy/);
    await expect(loadWasm(1, "file:///nowhere")).rejects.toThrow(
      /^.*does not load.*configureOnnx\(\{ wasmFolder \}\)\.$/,
    );
  });
});
