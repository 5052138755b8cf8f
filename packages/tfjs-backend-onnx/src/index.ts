/**
 * A TensorFlow.js backend on ONNX Runtime for Node: importing it registers the backend "onnx".
 *
 * @packageDocumentation
 */
import { backend as activeBackend, getBackend } from "@tensorflow/tfjs-core";
import { OnnxBackend } from "./backend.ts";
import { fail } from "./errors.ts";
import { registerLazyGradients } from "./gradients.ts";
import { nodeRuntime, processors } from "./node/runtime.ts";
import { BACKEND_NAME, register } from "./register.ts";
import type { RunnerStatistics } from "./session/runner.ts";
import { findBlockedLayouts } from "./session/self-test.ts";

export { compiledStep, type StepFunction } from "./compiled-step.ts";
export { OnnxBackendError } from "./errors.ts";

/** Settings of the backend; they count until the backend is first used. */
export interface OnnxOptions {
  /** Threads inside one operator; default: all that the process may use. */
  threads?: number;
  /** Execution providers of ONNX Runtime in order of preference; default: ["cpu"]. */
  providers?: readonly string[];
  /** Prefix of files into which ONNX Runtime profiles every operator; default: none. */
  profile?: string;
  /** Never use direct blocked convolutions, even where the start-up test finds that they work; default: false. */
  plainConvolutions?: boolean;
  /** Compiled graphs to keep; the least recently used one is released beyond it. Default: 16. */
  maxSessions?: number;
  /** Bytes of idle buffers to keep for the next results. Default: 1 GiB. */
  maxIdleBytes?: number;
}

const settings: OnnxOptions = {};

/** Changes settings of the backend. Call it before `tf.setBackend("onnx")`. */
export function configureOnnx(options: OnnxOptions): void {
  Object.assign(settings, options);
}

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
    return fail(where, `the active backend is ${getBackend()}`, 'Call tf.setBackend("onnx") first.');
  }
  return backend;
}

function make(): OnnxBackend {
  registerLazyGradients();
  const runtime = nodeRuntime();
  const session = {
    threads: settings.threads ?? processors(),
    providers: settings.providers ?? ["cpu"],
    profile: settings.profile ?? "",
  };
  return new OnnxBackend({
    runtime,
    session,
    blocked: settings.plainConvolutions ? null : findBlockedLayouts(runtime, session),
    maxSessions: settings.maxSessions ?? 16,
    maxIdleBytes: settings.maxIdleBytes ?? 2 ** 30,
    minRecorded: 32,
    maxRecorded: 100_000,
  });
}

/** Below the cpu backend: importing this package alone does not change which backend a program uses. */
const PRIORITY = 0;

register(make, PRIORITY);

export { BACKEND_NAME };
