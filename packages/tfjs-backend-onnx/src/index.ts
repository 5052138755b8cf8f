/**
 * A TensorFlow.js backend on ONNX Runtime for Node: importing it registers the backend "onnx".
 *
 * @packageDocumentation
 */
import { processors } from "@ddpm/core/node";
import { nodeProviders, startNodeRuntime } from "./node/runtime.ts";
import { checkProviders, mergeOptions, type OnnxOptions } from "./options.ts";
import { register } from "./register.ts";
import { inOneLine, startBackend } from "./start.ts";

export { flushOnnx, onnxStatistics } from "./api.ts";
export { compiledStep, type RecordedStep } from "./compiled-step.ts";
export { OnnxBackendError } from "./errors.ts";
export type { OnnxOptions } from "./options.ts";
export { BACKEND_NAME } from "./register.ts";

const settings: OnnxOptions = {};

/**
 * Changes settings of the backend. Call it before `tf.setBackend("onnx")`.
 *
 * @throws OnnxBackendError for values out of range, and for execution providers that ONNX Runtime does not have here
 */
export function configureOnnx(options: OnnxOptions): void {
  mergeOptions(settings, options);
  if (options.providers) checkProviders(options.providers, onnxProviders());
}

/**
 * The execution providers that ONNX Runtime was built for here, such as "cpu" and "cuda".
 *
 * @throws OnnxBackendError where ONNX Runtime does not load on this machine, with the reason in one line
 */
export function onnxProviders(): readonly string[] {
  return nodeProviders();
}

register(() => {
  try {
    const runtime = startNodeRuntime();
    const { count } = processors();
    return runtime instanceof Promise
      ? runtime.then((loaded) => startBackend(loaded, settings, count))
      : startBackend(runtime, settings, count);
  } catch (error) {
    throw inOneLine(error);
  }
});
