import type { RuntimeSession } from "../runtime/runtime.ts";
import type { Layout } from "../tensor/layouts.ts";
import { type DType, type Shape, sizeOf } from "../tensor/shape.ts";

/** An input of a compiled graph that carries one leaf. */
export interface FeedBinding {
  readonly name: string;
  /** Index into the leaves of the recording. */
  readonly leaf: number;
  readonly layout: Layout;
  readonly dims: Shape;
  readonly dtype: DType;
}

/** One input that carries all scalars of a dtype: element k is the value that the leaves of class k share. */
export interface ScalarBinding {
  readonly name: string;
  readonly dtype: DType;
  readonly classes: readonly (readonly number[])[];
}

/** An output of a compiled graph. */
export interface OutputBinding {
  readonly name: string;
  readonly layout: Layout;
  readonly shape: Shape;
  readonly dims: Shape;
  readonly dtype: DType;
}

/** A recording compiled to a session, with what has to be bound to run it. */
export interface Plan {
  readonly signature: Int32Array;
  readonly session: RuntimeSession;
  readonly feeds: readonly FeedBinding[];
  readonly scalars: readonly ScalarBinding[];
  readonly outputs: readonly OutputBinding[];
  /** Number of ONNX nodes. */
  readonly nodes: number;
  readonly modelBytes: number;
}

/** Which scalar leaves may share one run-time value; leaves with equal keys share. */
export type ScalarKey = (leafIndex: number) => string;

/** Number of elements of an output. */
export function outputSize(output: OutputBinding): number {
  return sizeOf(output.dims);
}
