import type { Backend } from "../backend.ts";
import { select } from "../select.ts";

/** Plain JavaScript: works everywhere, slowly. */
export const cpu: Backend = {
  name: "cpu",
  about: "plain JavaScript; works everywhere, slowly",
  async start() {
    await import("@tensorflow/tfjs-backend-cpu");
    await select("cpu");
    return { name: "cpu", detail: "plain JavaScript, 1 thread" };
  },
};
