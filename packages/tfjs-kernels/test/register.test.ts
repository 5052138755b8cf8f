import { spawnSync } from "node:child_process";
import { describe, expect, it } from "vitest";
import { registerWasmKernels, wasmKernels } from "../src/wasm/index.ts";
import { tf } from "./support.ts";

describe("registerWasmKernels", () => {
  it("registers every kernel and changes nothing when called again", () => {
    const before = wasmKernels.map(({ name }) => tf.getKernel(name, "wasm").kernelFunc);
    registerWasmKernels();
    expect(wasmKernels.map(({ name }) => tf.getKernel(name, "wasm").kernelFunc)).toEqual(before);
    expect(new Set(before).size).toBe(wasmKernels.length);
  });

  it("says what to do when the wasm backend is not loaded, and importing it alone registers nothing", () => {
    const path = new URL("../src/wasm/index.ts", import.meta.url).href;
    const script = `import * as tf from "@tensorflow/tfjs-core";
      const { registerWasmKernels } = await import(${JSON.stringify(path)});
      console.log(tf.getKernelsForBackend("wasm").length);
      try { registerWasmKernels() } catch (error) { console.log(error.name, error.message) }`;
    const cwd = new URL("..", import.meta.url);
    const { stdout } = spawnSync(process.execPath, ["--import", "tsx", "--input-type=module", "-e", script], {
      cwd,
      encoding: "utf8",
    });
    expect(stdout).toMatch(
      /^0\nDdpmError \[tfjs-kernels\/wasm\/register\] the wasm backend is not loaded.*Import/,
    );
  });
});
