import type { Backend } from "../backend.ts";
import { select } from "../select.ts";

/** Plain JavaScript: the reference for checks, far too slow for training images. */
export const cpu: Backend = {
  name: "cpu",
  about: "plain JavaScript; for checks only, some 100 times slower than wasm",
  async start() {
    await import("@tensorflow/tfjs-backend-cpu");
    await select("cpu");
    return { name: "cpu", detail: "plain JavaScript, 1 thread" };
  },
};
