import type { NamedAttrMap, NamedTensorInfoMap, TensorInfo } from "@tensorflow/tfjs-core";
import type { OnnxBackend } from "../backend.ts";
import { type DType, sizeOf } from "../tensor/shape.ts";
import { type HostTensor, hostValues, releaseHost, runOnHost, storeOnHost } from "./host.ts";

/** Tensors below this size cost nothing worth a warning. */
const QUIET_ELEMENTS = 4096;

const warned = new Set<string>();

/** Runs a kernel of the cpu backend: what it reads is computed first, what it returns is a stored tensor. */
export function onHost(
  name: string,
  inputs: NamedTensorInfoMap,
  attributes: NamedAttrMap,
  backend: OnnxBackend,
): TensorInfo | TensorInfo[] {
  const borrowed: HostTensor[] = [];
  const bring = (info: TensorInfo): TensorInfo => {
    const { host: there } = backend.dataOf(info);
    if (there) return ranked({ ...there, shape: info.shape });
    warnOnce(name, info.shape);
    const values = backend.peek(info);
    // A complex tensor keeps the arrays that it is made of.
    const host = storeOnHost(name === "Complex" ? values.slice() : values, info.shape, info.dtype);
    borrowed.push(host);
    return ranked(host);
  };
  const bringAll = (given: unknown): unknown => {
    if (!given) return given;
    if (Array.isArray(given)) return given.map(bringAll);
    return "dataId" in (given as object) ? bring(given as TensorInfo) : given;
  };
  const hostInputs = Array.isArray(inputs)
    ? bringAll(inputs)
    : Object.fromEntries(Object.entries(inputs).map(([key, given]) => [key, bringAll(given)]));
  const results = runOnHost(name, hostInputs as NamedTensorInfoMap, attributes);
  const infos = Array.isArray(results)
    ? results.map((result) => fromHost(result, backend))
    : fromHost(results, backend);
  for (const host of borrowed) releaseHost(host);
  return infos;
}

/** Some kernels of the cpu backend read the rank, which tensors have and their descriptions have not. */
function ranked(info: TensorInfo): TensorInfo {
  return { ...info, rank: info.shape.length } as TensorInfo;
}

/** Takes over a result of the cpu backend. */
function fromHost(result: HostTensor, backend: OnnxBackend): TensorInfo {
  const { dtype, shape } = result;
  if (dtype === "complex64" || dtype === "string") return backend.adoptHost(result);
  const info = backend.adoptValues(hostValues(result), shape, dtype as DType);
  releaseHost(result);
  return info;
}

function warnOnce(name: string, shape: readonly number[]): void {
  if (warned.has(name) || sizeOf(shape) < QUIET_ELEMENTS) return;
  warned.add(name);
  console.warn(`[tfjs-backend-onnx] kernel ${name} runs on the host, in JavaScript.`);
}
