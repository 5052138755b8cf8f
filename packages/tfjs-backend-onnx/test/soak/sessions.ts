import * as tf from "@tensorflow/tfjs-core";
import type { OnnxBackend } from "../../src/backend.ts";
import type { Runtime } from "../../src/runtime/runtime.ts";

/** Counts sessions of the active backend where the runtime makes and frees them, whatever the backend believes. */
export function countSessions(): { live(): number } {
  const runtime = (tf.backend() as OnnxBackend).options.runtime as { compile: Runtime["compile"] };
  const { compile } = runtime;
  let live = 0;
  runtime.compile = (model, options) => {
    const { run, release } = compile(model, options);
    live++;
    return {
      run,
      release: () => {
        live--;
        release();
      },
    };
  };
  return { live: () => live };
}
