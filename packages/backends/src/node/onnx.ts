import { fail } from "@ddpm/core";
import { processors } from "@ddpm/core/node";
import type { Backend } from "../backend.ts";
import { reasonOf } from "../reason-of.ts";
import { select } from "../select.ts";

/** ONNX Runtime's native CPU library, which comes inside its npm package. */
export const onnx: Backend = {
  name: "onnx",
  about: "ONNX Runtime's native library on the CPU, from npm alone; the fastest without a graphics card",
  usual: true,
  async start({ threads = processors().count }) {
    const { compiledStep, configureOnnx } = await load();
    configureOnnx({ threads });
    await select("onnx");
    return {
      name: "onnx",
      detail: `ONNX Runtime, ${threadsDetail(threads)}`,
      compile: compiledStep,
    };
  },
};

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
