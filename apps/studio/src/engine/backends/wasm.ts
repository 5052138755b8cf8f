import { type Backend, wasm as ofPages } from "@ddpm/backends/browser";
import { type Plugin, plugin } from "@ddpm/core";
import * as tf from "@tensorflow/tfjs-core";

/** TensorFlow.js on WebAssembly, its files from this page. */
export const wasm: Plugin<Record<string, never>, Backend> = plugin({
  name: "wasm",
  about: ofPages.about,
  source: ofPages.source,
  options: {},
  create: (): Backend => ({
    async start() {
      const [{ setWasmPaths }, plain, simd] = await Promise.all([
        import("@tensorflow/tfjs-backend-wasm"),
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
      return ofPages().start();
    },
  }),
});
