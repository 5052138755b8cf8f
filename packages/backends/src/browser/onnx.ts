import type { Plugin } from "@ddpm/core";
import type { Backend } from "../backend.ts";
import { plugin } from "../plugin.ts";
import { select } from "../select.ts";

/** Threads that ONNX Runtime takes at most in a page. */
const MOST_THREADS = 8;

/** ONNX Runtime in WebAssembly: every kernel that training needs, and steps that are recorded once. */
export const onnx: Plugin<Record<string, never>, Backend> = plugin({
  name: "onnx",
  about: "ONNX Runtime in WebAssembly; the fastest without a graphics card",
  source: "onnxruntime-web",
  options: {},
  create: (): Backend => ({
    async start() {
      const { compiledStep } = await import("@ddpm/tfjs-backend-onnx");
      await select("onnx");
      const { crossOriginIsolated, navigator } = globalThis as unknown as {
        readonly crossOriginIsolated?: boolean;
        readonly navigator: { readonly hardwareConcurrency: number };
      };
      const threads = crossOriginIsolated ? Math.min(MOST_THREADS, navigator.hardwareConcurrency) : 1;
      return {
        name: "onnx",
        detail: `ONNX Runtime, WebAssembly, ${threads} ${threads === 1 ? "thread" : "threads"}`,
        compile: compiledStep,
      };
    },
  }),
});
