import type { Plugin } from "@ddpm/core";
import type { Backend } from "../backend.ts";
import { plugin } from "../plugin.ts";

const EVENTS = ["uncaughtException", "unhandledRejection"] as const;

/** The wasm module listens for uncaught errors and throws them again, with its whole source as context. */
async function withoutListeners(load: () => Promise<void>): Promise<void> {
  const before = EVENTS.map((event) => new Set(process.listeners(event as "uncaughtException")));
  await load();
  EVENTS.forEach((event, i) => {
    for (const listener of process.listeners(event as "uncaughtException")) {
      if (!before[i]!.has(listener)) process.off(event, listener);
    }
  });
}

/** TensorFlow.js on WebAssembly, with the training kernels that it lacks. */
export const wasm: Plugin<Record<string, never>, Backend> = plugin({
  name: "wasm",
  about: "WebAssembly SIMD with @ddpm/tfjs-kernels, one thread; works everywhere",
  source: "@tensorflow/tfjs-backend-wasm",
  options: {},
  create: (): Backend => ({
    async start() {
      await withoutListeners(async () => {
        await import("@tensorflow/tfjs-backend-wasm");
        const { select } = await import("../select.ts");
        await select("wasm");
      });
      const { registerWasmKernels } = await import("@ddpm/tfjs-kernels/wasm");
      registerWasmKernels();
      return { name: "wasm", detail: "WebAssembly SIMD, 1 thread" };
    },
  }),
});
