/**
 * A TensorFlow.js backend on ONNX Runtime for browsers and workers: importing it registers the backend "onnx".
 *
 * @packageDocumentation
 */
import { checkProviders, mergeOptions, type OnnxOptions } from "../options.ts";
import { register } from "../register.ts";
import { inOneLine, startBackend } from "../start.ts";
import { loadWasm } from "./module.ts";
import { PROVIDERS, wasmRuntime } from "./runtime.ts";
import { processors } from "./threads.ts";

export { flushOnnx, onnxStatistics } from "../api.ts";
export { compiledStep, type RecordedStep } from "../compiled-step.ts";
export { OnnxBackendError } from "../errors.ts";
export type { OnnxOptions } from "../options.ts";
export { BACKEND_NAME } from "../register.ts";

const settings: OnnxOptions = {};

/**
 * Changes settings of the backend. Call it before `tf.setBackend("onnx")`.
 *
 * @throws OnnxBackendError for values out of range, and for execution providers that ONNX Runtime does not have here
 */
export function configureOnnx(options: OnnxOptions): void {
  mergeOptions(settings, options);
  if (options.providers) checkProviders(options.providers, PROVIDERS);
}

/** The execution providers that there are in a browser. */
export function onnxProviders(): readonly string[] {
  return PROVIDERS;
}

register(async () => {
  try {
    const threads = settings.threads ?? processors();
    return startBackend(wasmRuntime(await loadWasm(threads, settings.wasmFolder)), settings, threads);
  } catch (error) {
    throw inOneLine(error);
  }
});
