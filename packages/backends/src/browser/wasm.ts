import type { Backend } from "../backend.ts";
import { select } from "../select.ts";

/**
 * TensorFlow.js on WebAssembly, with the training kernels that it lacks. `setWasmPaths` says where its files are, of
 * `@tensorflow/tfjs-backend-wasm`, before it is started.
 */
export const wasm: Backend = {
  name: "wasm",
  about: "WebAssembly with @ddpm/tfjs-kernels, one thread",
  async start() {
    const { registerWasmKernels } = await import("@ddpm/tfjs-kernels/wasm");
    await import("@tensorflow/tfjs-backend-wasm");
    await select("wasm");
    registerWasmKernels();
    return { name: "wasm", detail: "WebAssembly, 1 thread" };
  },
};
