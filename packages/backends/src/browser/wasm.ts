import type { Plugin } from "@ddpm/core";
import type { Backend } from "../backend.ts";
import { plugin } from "../plugin.ts";
import { select } from "../select.ts";

/**
 * TensorFlow.js on WebAssembly, with the training kernels that it lacks. `setWasmPaths` says where its files are, of
 * `@tensorflow/tfjs-backend-wasm`, before it is started.
 */
export const wasm: Plugin<Record<string, never>, Backend> = plugin({
  name: "wasm",
  about: "WebAssembly with @ddpm/tfjs-kernels, one thread",
  source: "@tensorflow/tfjs-backend-wasm",
  options: {},
  create: (): Backend => ({
    usual: true,
    async start() {
      const { registerWasmKernels } = await import("@ddpm/tfjs-kernels/wasm");
      await import("@tensorflow/tfjs-backend-wasm");
      const { failed, release } = failureOfModule();
      try {
        await Promise.race([select("wasm"), failed]);
      } finally {
        release();
      }
      registerWasmKernels();
      return { name: "wasm", detail: "WebAssembly, 1 thread" };
    },
  }),
});

interface Rejection extends Event {
  readonly reason: unknown;
}

/**
 * TensorFlow.js waits for ever where the page does not serve its module: that the module was given up is seen only as a
 * rejection that nobody handles.
 */
function failureOfModule(): { readonly failed: Promise<never>; release(): void } {
  const { addEventListener, removeEventListener } = globalThis as unknown as EventTarget;
  let listener: (event: Event) => void;
  const failed = new Promise<never>((_resolve, reject) => {
    listener = (event) => {
      const reason = String((event as Rejection).reason);
      if (!/Aborted|wasm/i.test(reason)) return;
      event.preventDefault();
      reject(
        new Error(
          `the module of the wasm backend does not load (${reason}); \`setWasmPaths\` says where its files are`,
        ),
      );
    };
    addEventListener.call(globalThis, "unhandledrejection", listener);
  });
  return { failed, release: () => removeEventListener.call(globalThis, "unhandledrejection", listener) };
}
