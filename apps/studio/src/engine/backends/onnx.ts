import { type Backend, onnx as ofPages } from "@ddpm/backends/browser";

/** ONNX Runtime in WebAssembly; the development server has its files in another place. */
export const onnx: Backend = {
  ...ofPages,
  async start(options) {
    if (import.meta.env.DEV) {
      const { configureOnnx } = await import("@ddpm/tfjs-backend-onnx");
      configureOnnx({ wasmFolder: "/node_modules/onnxruntime-web/dist" });
    }
    return ofPages.start(options);
  },
};
