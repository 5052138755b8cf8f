import { registerWasmKernels } from "@ddpm/tfjs-kernels/wasm";
import { select } from "./select.ts";
import type { Backend } from "./backend.ts";

/** TensorFlow.js on WebAssembly, with the training kernels that it lacks. */
export const wasm: Backend = {
  name: "wasm",
  about: "WebAssembly SIMD with @ddpm/tfjs-kernels, one thread; works everywhere",
  async start() {
    await import("@tensorflow/tfjs-backend-wasm");
    await select("wasm");
    registerWasmKernels();
    return { name: "wasm", detail: "WebAssembly SIMD, 1 thread", accelerated: false };
  },
};
