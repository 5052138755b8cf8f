import { createRequire } from "node:module";
import { disableOnnxRuntimeTelemetry } from "@ddpm/core/node";
import type * as OnnxRuntime from "onnxruntime-node";
import type * as Native from "onnxruntime-node/dist/binding.js";
import { fail } from "../errors.ts";
import type {
  FeedType,
  Numbers,
  Runtime,
  RuntimeSession,
  RuntimeTensor,
  SessionOptions,
} from "../runtime/runtime.ts";
import { explainLoading, explainVersion } from "./explain-loading.ts";
import { initInPlace, type RunInPlace } from "./in-place-results.ts";

type Binding = typeof Native.binding;
type NativeSession = InstanceType<Binding["InferenceSession"]>;
type NativeOptions = Parameters<NativeSession["loadModel"]>[3];
type NativeFeeds = Parameters<NativeSession["run"]>[0];

/**
 * ONNX Runtime in Node, through the native binding of onnxruntime-node.
 *
 * The public API is asynchronous on the surface only: it calls this same synchronous binding from a timer. TensorFlow.js
 * has a synchronous read (`dataSync`), so the binding is used directly; the version of onnxruntime-node is pinned for it.
 *
 * @throws OnnxBackendError when the package or its native library is missing: it is an optional peer dependency, so
 *   that a project installs the runtime of its platform only, without its install script
 */
export function startNodeRuntime(): Runtime | Promise<Runtime> {
  const ready = disableOnnxRuntimeTelemetry();
  return ready ? ready.then(nodeRuntime) : nodeRuntime();
}

/**
 * Names of the execution providers that the native library was built for.
 *
 * @throws OnnxBackendError as {@link nodeRuntime} does
 */
export function nodeProviders(): readonly string[] {
  // Listing starts nothing: in a worker thread the variable may be set later than this.
  disableOnnxRuntimeTelemetry()?.catch(() => {});
  return providersOf(load());
}

const providersOf = ({ binding }: typeof Native): readonly string[] =>
  binding.listSupportedBackends().map(({ name }) => name);

/** {@link startNodeRuntime} where telemetry has been turned off. */
export function nodeRuntime(): Runtime {
  const { Tensor, ...native } = load();
  const inPlace = initInPlace(native);
  return {
    name: "onnxruntime-node",
    providers: providersOf(native),
    tensor: (type: FeedType, data: Numbers, dims: readonly number[]): RuntimeTensor =>
      new Tensor(type, data as Float32Array, dims) as unknown as RuntimeTensor,
    compile: (model, options) => compile(native.binding, inPlace, model, options),
  };
}

function load(): Pick<typeof OnnxRuntime, "Tensor"> & typeof Native {
  const require = createRequire(import.meta.url);
  let loaded: ReturnType<typeof load>;
  let version: string;
  try {
    const { Tensor } = require("onnxruntime-node") as typeof OnnxRuntime;
    loaded = { Tensor, ...(require("onnxruntime-node/dist/binding.js") as typeof Native) };
    ({ version } = require("onnxruntime-node/package.json") as { version: string });
  } catch (cause) {
    return fail("tfjs-backend-onnx/runtime", ...explainLoading(cause as NodeJS.ErrnoException));
  }
  const otherVersion = explainVersion(version);
  return otherVersion ? fail("tfjs-backend-onnx/runtime", ...otherVersion) : loaded;
}

function compile(
  binding: Binding,
  inPlace: RunInPlace,
  model: Uint8Array,
  options: SessionOptions,
): RuntimeSession {
  const session = new binding.InferenceSession();
  session.loadModel(model.buffer as ArrayBuffer, model.byteOffset, model.byteLength, nativeOptions(options));
  return {
    run: (feeds, outputs) => {
      inPlace(() => session.run(feeds as unknown as NativeFeeds, outputs as unknown as NativeFeeds, {}));
    },
    release: () => {
      if (options.profile) session.endProfiling();
      session.dispose();
    },
  };
}

/** Every rewriting is done before ONNX Runtime sees the graph, so its optimiser stays off: it would undo layouts and costs start-up time. */
function nativeOptions(options: SessionOptions): NativeOptions {
  return {
    executionProviders: [...options.providers],
    intraOpNumThreads: options.threads,
    graphOptimizationLevel: "disabled",
    enableMemPattern: false,
    logSeverityLevel: 4,
    extra: { session: { "intra_op.spin_duration_us": "500" } },
    ...(options.profile ? { enableProfiling: true, profileFilePrefix: options.profile } : {}),
  } as NativeOptions;
}
