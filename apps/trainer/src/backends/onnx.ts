import { availableParallelism } from "node:os";
import { fail } from "@ddpm/core";
import type { Backend } from "./backend.ts";
import { select } from "./select.ts";

/** ONNX Runtime's native CPU library, which comes inside its npm package. */
export const onnx: Backend = {
  name: "onnx",
  about: "ONNX Runtime's native library on the CPU, from npm alone; the fastest without a graphics card",
  async start({ threads = availableParallelism() }) {
    const { compiledStep, configureOnnx } = await load();
    configureOnnx({ threads });
    await select("onnx");
    return {
      name: "onnx",
      detail: `ONNX Runtime, ${threads} threads`,
      accelerated: false,
      compile: compiledStep,
    };
  },
};

/** The backend, whose native library is tried at once: TensorFlow.js would keep the reason to itself. */
async function load(): Promise<typeof import("@ddpm/tfjs-backend-onnx")> {
  try {
    const backend = await import("@ddpm/tfjs-backend-onnx");
    backend.onnxProviders();
    return backend;
  } catch (cause) {
    const [reason] = (cause as Error).message.replace("[tfjs-backend-onnx] onnx: ", "").split("\n");
    return fail("backend/onnx", reason!, undefined, { cause });
  }
}
