import {
  getKernelsForBackend,
  type KernelConfig,
  type NamedAttrMap,
  type NamedTensorInfoMap,
  registerBackend,
  registerKernel,
} from "@tensorflow/tfjs-core";
import type { OnnxBackend } from "./backend.ts";
import type { Value } from "./graph/types.ts";
import { onHost } from "./host/fallback.ts";
import type { KernelCall, LoweredKernel } from "./kernels/define.ts";
import { loweredKernels } from "./kernels/index.ts";

/** The name under which TensorFlow.js knows the backend. */
export const BACKEND_NAME = "onnx";

/** Below the cpu backend: importing this package alone does not change which backend a program uses. */
const PRIORITY = 0;

/** Registers the backend and a kernel for everything that the cpu backend has. */
export function register(make: () => OnnxBackend | Promise<OnnxBackend>): void {
  if (!registerBackend(BACKEND_NAME, make, PRIORITY)) return;
  const lowered = new Set<string>();
  for (const kernel of loweredKernels) {
    lowered.add(kernel.name);
    registerKernel(loweredConfig(kernel));
  }
  for (const { kernelName } of getKernelsForBackend("cpu")) {
    if (!lowered.has(kernelName)) registerKernel(hostConfig(kernelName));
  }
}

interface KernelParameters {
  readonly inputs: NamedTensorInfoMap;
  readonly attrs?: NamedAttrMap;
  readonly backend: unknown;
}

function loweredConfig({ name, record }: LoweredKernel): KernelConfig {
  return {
    kernelName: name,
    backendName: BACKEND_NAME,
    kernelFunc: ({ inputs, attrs = {}, backend: given }: KernelParameters) => {
      const backend = given as OnnxBackend;
      backend.boundary();
      backend.recorder.kernel = name;
      for (const key in inputs) {
        const dtype = inputs[key]?.dtype;
        if (dtype === "complex64" || dtype === "string") return onHost(name, inputs, attrs, backend);
      }
      const result = record(callOf(inputs, attrs, backend));
      if (result === null) return onHost(name, inputs, attrs, backend);
      if ("dataId" in result) return result;
      return Array.isArray(result)
        ? result.map((value: Value) => backend.adopt(value))
        : backend.adopt(result as Value);
    },
  };
}

/** One call per backend, filled again each time: kernels record at once and do not keep it. */
const calls = new WeakMap<OnnxBackend, { -readonly [K in keyof KernelCall]: KernelCall[K] }>();

function callOf(tensors: NamedTensorInfoMap, attributes: NamedAttrMap, backend: OnnxBackend): KernelCall {
  const known = calls.get(backend);
  if (known) {
    known.tensors = tensors;
    known.attributes = attributes;
    return known;
  }
  const call = {
    record: backend.recorder,
    backend,
    attributes,
    tensors,
    input: (name: string) => backend.recorded(call.tensors[name]!),
    has: (name: string) => call.tensors[name] !== undefined && call.tensors[name] !== null,
    list: () => Object.values(call.tensors).map((info) => backend.recorded(info!)),
  };
  calls.set(backend, call);
  return call;
}

function hostConfig(name: string): KernelConfig {
  return {
    kernelName: name,
    backendName: BACKEND_NAME,
    kernelFunc: ({ inputs, attrs = {}, backend }: KernelParameters) =>
      onHost(name, inputs, attrs, backend as OnnxBackend),
  };
}
