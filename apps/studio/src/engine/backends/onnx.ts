import type { Backend } from "./backend.ts";
import { select } from "./select.ts";

/** ONNX Runtime in WebAssembly: every kernel that training needs, and steps that are recorded once. */
export const onnx: Backend = {
  name: "onnx",
  async start() {
    const { compiledStep, configureOnnx } = await import("@ddpm/tfjs-backend-onnx");
    if (import.meta.env.DEV) configureOnnx({ wasmFolder: "/node_modules/onnxruntime-web/dist" });
    await select("onnx");
    const threads = globalThis.crossOriginIsolated ? Math.min(8, navigator.hardwareConcurrency) : 1;
    return {
      detail: `ONNX Runtime, WebAssembly, ${threads} ${threads === 1 ? "thread" : "threads"}`,
      compile: compiledStep,
    };
  },
};
