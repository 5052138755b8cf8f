import type { NamedAttrMap, NamedTensorInfoMap, TensorInfo } from "@tensorflow/tfjs-core";
import type { Value } from "../graph/operation.ts";
import type { Recorder } from "../graph/recorder.ts";
import type { Shape } from "../tensor/shape.ts";

/** What a kernel is called with. */
export interface KernelCall {
  readonly record: Recorder;
  readonly attributes: NamedAttrMap;
  readonly tensors: NamedTensorInfoMap;
  /** An input as a value of the open recording. */
  input(name: string): Value;
  /** Whether an optional input was given. */
  has(name: string): boolean;
  /** All inputs of a kernel that takes a list. */
  list(): readonly Value[];
  /** Any tensor as a value of the open recording. */
  recorded(tensor: TensorInfo): Value;
  /** A second tensor on the data of another one, under a shape of the same size. */
  share(tensor: TensorInfo, shape: Shape): TensorInfo;
}

/**
 * A kernel of TensorFlow.js that records operations.
 *
 * It returns its results, or null for a case that the host has to do; nothing may have been recorded then.
 */
export interface LoweredKernel {
  readonly name: string;
  record(call: KernelCall): Value | readonly Value[] | TensorInfo | null;
}

/** An attribute of a call, with its type stated by the kernel's own code. */
export function attribute<T>(call: KernelCall, name: string): T {
  return call.attributes[name] as unknown as T;
}

/** Makes a kernel. */
export function kernel(name: string, record: LoweredKernel["record"]): LoweredKernel {
  return { name, record };
}
