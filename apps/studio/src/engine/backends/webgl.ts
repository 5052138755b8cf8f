import type { Backend } from "./backend.ts";
import { select } from "./select.ts";

/** TensorFlow.js on WebGL: for browsers without WebAssembly's vectors. */
export const webgl: Backend = {
  name: "webgl",
  async start() {
    await import("@tensorflow/tfjs-backend-webgl");
    await select("webgl");
    return { detail: "WebGL" };
  },
};
