import type { Plugin } from "@ddpm/core";
import type { Backend } from "./backend.ts";
import { plugin } from "./plugin.ts";

/** Plain JavaScript: the reference for checks, far too slow for training images. */
export const cpu: Plugin<Record<string, never>, Backend> = plugin({
  name: "cpu",
  about: "plain JavaScript; for checks only, some 100 times slower than wasm",
  source: "@tensorflow/tfjs-backend-cpu",
  options: {},
  create: (): Backend => ({
    async start() {
      await import("@tensorflow/tfjs-backend-cpu");
      const { select } = await import("./select.ts");
      await select("cpu");
      return { name: "cpu", detail: "plain JavaScript, 1 thread" };
    },
  }),
});
