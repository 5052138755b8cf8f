import { availableParallelism } from "node:os";
import { fail } from "@ddpm/core";
import type { Backend } from "./backend.ts";
import { select } from "./select.ts";

/** ONNX Runtime's native CPU library, which comes inside its npm package. */
export const onnx: Backend = {
  name: "onnx",
  about: "ONNX Runtime's native library on the CPU, from npm alone; the fastest without a graphics card",
  async start({ threads = availableParallelism() }) {
    const { compiledStep, configureOnnx } = await import("@ddpm/tfjs-backend-onnx").catch((cause: Error) =>
      fail("backend/onnx", `ONNX Runtime does not load: ${cause.message.split("\n")[0]}.`, undefined, {
        cause,
      }),
    );
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
