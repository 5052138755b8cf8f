import { select } from "@ddpm/backends/authoring";
import type { Backend } from "@ddpm/backends/browser";

/** TensorFlow.js on WebGL: for browsers without WebAssembly's vectors. */
export const webgl: Backend = {
  name: "webgl",
  about: "WebGL; for browsers without WebAssembly's vectors",
  async start() {
    await import("@tensorflow/tfjs-backend-webgl");
    await select("webgl");
    return { name: "webgl", detail: "WebGL" };
  },
};
