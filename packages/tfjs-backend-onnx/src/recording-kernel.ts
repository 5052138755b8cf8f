import type { KernelConfig, NamedAttrMap, NamedTensorInfoMap, TensorInfo } from "@tensorflow/tfjs-core";
import type { OnnxBackend } from "./backend.ts";
import type { Value } from "./graph/operation.ts";
import type { KernelCall, LoweredKernel } from "./kernels/kernel.ts";

/** What TensorFlow.js calls a kernel with. */
export interface KernelParameters {
  readonly inputs: NamedTensorInfoMap;
  readonly attrs?: NamedAttrMap;
  readonly backend: unknown;
}

/** Does what a kernel cannot record: complex numbers, strings, and cases without a form in ONNX. */
export type Unrecorded = (
  name: string,
  inputs: NamedTensorInfoMap,
  attributes: NamedAttrMap,
  backend: OnnxBackend,
) => TensorInfo | TensorInfo[];

/** A kernel that records, as TensorFlow.js registers it. */
export function recordingConfig(
  { name, record }: LoweredKernel,
  backendName: string,
  unrecorded: Unrecorded,
): KernelConfig {
  return {
    kernelName: name,
    backendName,
    kernelFunc: ({ inputs, attrs = {}, backend: given }: KernelParameters) => {
      const backend = given as OnnxBackend;
      backend.boundary();
      backend.recorder.kernel = name;
      for (const key in inputs) {
        const dtype = inputs[key]?.dtype;
        if (dtype === "complex64" || dtype === "string") return unrecorded(name, inputs, attrs, backend);
      }
      const result = record(callOf(inputs, attrs, backend));
      if (result === null) return unrecorded(name, inputs, attrs, backend);
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
    attributes,
    tensors,
    input: (name: string) => backend.recorded(call.tensors[name]!),
    has: (name: string) => call.tensors[name] !== undefined && call.tensors[name] !== null,
    list: () => Object.values(call.tensors).map((info) => backend.recorded(info!)),
    recorded: (tensor: TensorInfo) => backend.recorded(tensor),
    share: (tensor: TensorInfo, shape: readonly number[]) => backend.share(tensor, shape),
  };
  calls.set(backend, call);
  return call;
}
