import {
  type BackendValues,
  type DataType,
  findBackend,
  getKernel,
  type KernelConfig,
  type NamedAttrMap,
  type NamedTensorInfoMap,
  type TensorInfo,
  type TypedArray,
} from "@tensorflow/tfjs-core";
import "@tensorflow/tfjs-backend-cpu";
import { fail } from "../errors.ts";
import type { Numbers } from "../runtime/runtime.ts";

/** A tensor that lives in TensorFlow.js's cpu backend: complex numbers, strings, and inputs of kernels that run there. */
export type HostTensor = TensorInfo;

/** The part of the cpu backend that host kernels need. */
interface CpuBackend {
  makeTensorInfo(
    shape: readonly number[],
    dtype: DataType,
    values?: BackendValues | readonly string[],
  ): TensorInfo;
  readSync(dataId: object): BackendValues;
  disposeIntermediateTensorInfo(info: TensorInfo): void;
}

const cpu = (): CpuBackend =>
  (findBackend("cpu") as unknown as CpuBackend | null) ??
  fail(
    "tfjs-backend-onnx/host",
    "the cpu backend of TensorFlow.js is gone",
    "Do not remove the backend named cpu.",
  );

/** Puts values into the cpu backend. */
export function storeOnHost(
  values: BackendValues | null,
  shape: readonly number[],
  dtype: DataType,
): HostTensor {
  if (dtype !== "complex64" || !values) return cpu().makeTensorInfo(shape, dtype, values ?? undefined);
  const interleaved = values as Float32Array;
  const part = (offset: number): TensorInfo =>
    cpu().makeTensorInfo(
      shape,
      "float32",
      Float32Array.from({ length: interleaved.length / 2 }, (_, i) => interleaved[2 * i + offset]!),
    );
  return runOnHost("Complex", { real: part(0), imag: part(1) }, {}) as HostTensor;
}

export function hostValues(tensor: HostTensor): BackendValues {
  return cpu().readSync(tensor.dataId);
}

export function releaseHost(tensor: HostTensor): void {
  cpu().disposeIntermediateTensorInfo(tensor);
}

/** Runs a kernel of the cpu backend. */
export function runOnHost(
  kernel: string,
  inputs: NamedTensorInfoMap,
  attributes: NamedAttrMap,
): HostTensor | HostTensor[] {
  const config: KernelConfig | undefined = getKernel(kernel, "cpu");
  if (!config) {
    return fail(
      "tfjs-backend-onnx/host",
      `kernel ${kernel}: neither this backend nor the cpu backend has it`,
      "Compose it from other operations.",
    );
  }
  return config.kernelFunc({ inputs, attrs: attributes, backend: cpu() });
}

/** Copies values into `target`, whose size is that of the tensor; missing ones are 0. */
export function copyValues(values: BackendValues | null, target: Numbers): Numbers {
  const source = (values ?? []) as TypedArray;
  if (source.length < target.length) target.fill(0);
  target.set(source.length > target.length ? source.subarray(0, target.length) : source);
  return target;
}
