import { fail, type Plugin } from "@ddpm/core";
import { processors } from "@ddpm/core/node";
import type { Backend } from "../backend.ts";
import { plugin } from "../plugin.ts";
import { reasonOf } from "../reason-of.ts";
import { threads } from "../threads.ts";

/** ONNX Runtime's native CPU library, which comes inside its npm package. */
export const onnx: Plugin<{ threads?: number }, Backend> = plugin({
  name: "onnx",
  about: "ONNX Runtime's native library on the CPU, from npm alone; the fastest without a graphics card",
  source: "onnxruntime-node",
  options: { threads },
  create: ({ threads: count = processors().count }): Backend => ({
    usual: true,
    async start() {
      const { compiledStep, configureOnnx } = await load();
      configureOnnx({ threads: count });
      const { select } = await import("../select.ts");
      await select("onnx");
      return {
        name: "onnx",
        detail: `ONNX Runtime, ${threadsDetail(count)}`,
        compile: compiledStep,
      };
    },
  }),
});

/** How many threads, and whether the process may use as many processors. */
function threadsDetail(threads: number): string {
  const { count } = processors();
  const text = `${threads} thread${threads === 1 ? "" : "s"}`;
  return threads > count ? `${text}, more than the processors that it may use (${count})` : text;
}

/** The backend, whose native library is tried at once: TensorFlow.js would keep the reason to itself. */
async function load(): Promise<typeof import("@ddpm/tfjs-backend-onnx")> {
  try {
    const backend = await import("@ddpm/tfjs-backend-onnx");
    backend.onnxProviders();
    return backend;
  } catch (cause) {
    const { hint } = cause as { readonly hint?: string };
    return fail("backends/onnx", `${reasonOf(cause)}.`, hint, { cause });
  }
}
