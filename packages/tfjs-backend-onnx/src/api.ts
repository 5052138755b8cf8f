import { backend as activeBackend, getBackend } from "@tensorflow/tfjs-core";
import { OnnxBackend } from "./backend.ts";
import { fail } from "./errors.ts";
import type { RunnerStatistics } from "./session/runner.ts";

/** Counts of runs, compilations and live sessions of the active backend; throws if that is another one. */
export function onnxStatistics(): RunnerStatistics & { readonly idleBytes: number } {
  return onnxBackend("onnxStatistics").statistics();
}

/** Computes everything that is recorded and still wanted, without reading it back. */
export function flushOnnx(): void {
  onnxBackend("flushOnnx").flush();
}

function onnxBackend(where: string): OnnxBackend {
  const backend = activeBackend();
  if (!(backend instanceof OnnxBackend)) {
    return fail(
      "tfjs-backend-onnx/api",
      `${where}: the active backend is ${getBackend()}`,
      'Call tf.setBackend("onnx") first.',
    );
  }
  return backend;
}
