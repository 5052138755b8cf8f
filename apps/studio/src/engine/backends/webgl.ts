import { select } from "@ddpm/backends/authoring";
import type { Backend } from "@ddpm/backends/browser";
import { type Plugin, plugin } from "@ddpm/core";

/** TensorFlow.js on WebGL: for browsers without WebAssembly's vectors. */
export const webgl: Plugin<Record<string, never>, Backend> = plugin({
  name: "webgl",
  about: "WebGL; for browsers without WebAssembly's vectors",
  source: "@tensorflow/tfjs-backend-webgl",
  options: {},
  create: (): Backend => ({
    async start() {
      await import("@tensorflow/tfjs-backend-webgl");
      await select("webgl");
      return { name: "webgl", detail: "WebGL" };
    },
  }),
});
