import * as tf from "@tensorflow/tfjs-core";
import type { Backend } from "./backend.ts";
import { select } from "./select.ts";

/** TensorFlow.js on WebAssembly, with the training kernels that it lacks. */
export const wasm: Backend = {
  name: "wasm",
  async start() {
    const [{ setWasmPaths }, { registerWasmKernels }, plain, simd] = await Promise.all([
      import("@tensorflow/tfjs-backend-wasm"),
      import("@ddpm/tfjs-kernels/wasm"),
      import("@tensorflow/tfjs-backend-wasm/dist/tfjs-backend-wasm.wasm?url"),
      import("@tensorflow/tfjs-backend-wasm/dist/tfjs-backend-wasm-simd.wasm?url"),
    ]);
    setWasmPaths({
      "tfjs-backend-wasm.wasm": plain.default,
      "tfjs-backend-wasm-simd.wasm": simd.default,
      // Asked for, but never loaded.
      "tfjs-backend-wasm-threaded-simd.wasm": simd.default,
    });
    // Its threads are scripts made from text, which the page's security policy forbids.
    tf.env().set("WASM_HAS_MULTITHREAD_SUPPORT", false);
    await select("wasm");
    registerWasmKernels();
    return { detail: "WebAssembly, 1 thread" };
  },
};
