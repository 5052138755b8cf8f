import { defineConfig } from "vite";

/** ONNX Runtime computes with several threads only in pages that share no memory with other sites. */
const headers = {
  "Cross-Origin-Opener-Policy": "same-origin",
  "Cross-Origin-Embedder-Policy": "require-corp",
};

export default defineConfig({
  base: "./",
  worker: { format: "es" },
  server: { headers },
  preview: { headers },
});
