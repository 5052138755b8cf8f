import { type Backend, onnx as ofPages } from "@ddpm/backends/browser";
import { type Plugin, plugin } from "@ddpm/core";

/** ONNX Runtime in WebAssembly; the development server has its files in another place. */
export const onnx: Plugin<Record<string, never>, Backend> = plugin({
  name: "onnx",
  about: ofPages.about,
  source: ofPages.source,
  options: {},
  create: (): Backend => ({
    async start() {
      if (import.meta.env.DEV) {
        const { configureOnnx } = await import("@ddpm/tfjs-backend-onnx");
        configureOnnx({ wasmFolder: "/node_modules/onnxruntime-web/dist" });
      }
      return ofPages().start();
    },
  }),
});
