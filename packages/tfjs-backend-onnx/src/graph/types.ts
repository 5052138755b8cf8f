import type { LayoutVotes } from "../layout/assign.ts";
import type { Layout } from "../layout/layouts.ts";
import type { Lowering } from "../lower/lowering.ts";
import type { Numbers, RuntimeTensor } from "../runtime/runtime.ts";

/** Element types of recorded values. Complex numbers and strings never enter a graph: they live on the host. */
export type DType = "float32" | "int32" | "bool";

export type Shape = readonly number[];

/** Memory of a computed tensor, in the order of `layout`. Shared by every tensor that is the same value. */
export interface Stored {
  buffer: Numbers;
  readonly shape: Shape;
  readonly dtype: DType;
  layout: Layout;
  /** The same numbers in other layouts, made on demand. */
  others: Map<Layout, Numbers> | null;
  /** The runtime's view of `buffer`, if there was one before. */
  tensor: RuntimeTensor | null;
  /** Tensors and recordings that still need the memory. */
  references: number;
  /** Whether the buffer may go back to the pool, or is memory that someone else also holds. */
  readonly recyclable: boolean;
}

/** What a recording reads but does not compute: a stored tensor, or a number that may differ at the next recording. */
export interface Leaf {
  readonly stored: Stored | null;
  /** The number itself for tensors of one element; it is bound at run time and never part of a key. */
  readonly scalar: number | null;
}

/** A value of the recorded graph, in the shape that TensorFlow.js sees. */
export interface Value {
  readonly shape: Shape;
  readonly dtype: DType;
  /** Position in its recording, for signatures: results count up from 0, leaves down from -1. */
  readonly code: number;
  readonly node: OpNode | null;
  readonly leaf: Leaf | null;
}

/** Parameters of an operation; they are part of the key of a graph. */
export type OpAttributes = Readonly<Record<string, unknown>>;

/** One recorded operation. */
export interface OpNode {
  readonly op: OpDefinition;
  /** The TensorFlow.js kernel that recorded it, for error messages. */
  readonly kernel: string;
  readonly attributes: OpAttributes;
  readonly inputs: readonly Value[];
  outputs: readonly Value[];
}

/** How a recorded operation becomes ONNX. */
export interface OpDefinition {
  readonly name: string;
  /** Whether it treats every element alike, so that operands may be any rearrangement of what was recorded. */
  readonly pointwise?: boolean;
  /** States which layouts it would read and write without conversion. */
  layouts?(node: OpNode, votes: LayoutVotes): void;
  lower(c: Lowering, node: OpNode): void;
}

/** Number of elements of a shape. */
export function sizeOf(shape: Shape): number {
  let size = 1;
  for (const dimension of shape) size *= dimension;
  return size;
}

/** Whether two shapes are equal. */
export function sameShape(a: Shape, b: Shape): boolean {
  if (a === b) return true;
  if (a.length !== b.length) return false;
  for (let i = 0; i < a.length; i++) if (a[i] !== b[i]) return false;
  return true;
}
