import type { Emitter } from "../onnx/emitter.ts";
import type { BlockedLayouts, Layout } from "../tensor/layouts.ts";
import type { DType, Shape } from "../tensor/shape.ts";
import type { Stored } from "../tensor/stored.ts";

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

/** What operations state about layouts before the graph is lowered. */
export interface LayoutVotes {
  /** Layouts of direct blocked convolutions, or null where there are none. */
  readonly blocked: BlockedLayouts | null;
  /** The operation reads this value best in `layout`. */
  want(value: Value, layout: Layout): void;
  /** The operation produces this value in `layout`. */
  give(value: Value, layout: Layout): void;
  /** The operation works element by element: whatever order these values have, it should be the same one. */
  unify(values: readonly Value[]): void;
}

/** Which layout each value should have. */
export type LayoutChoice = (value: Value) => Layout;

/**
 * What an operation sees while it is lowered: ONNX tensors are names with a known shape, and every recorded value is
 * available in any layout that it accepts. A conversion is emitted once, when it is asked for.
 */
export interface Lowering extends Emitter {
  /** Layouts of direct blocked convolutions, or null where the runtime has none that work. */
  readonly blocked: BlockedLayouts | null;
  /** The layout that suits most operations around a value. */
  readonly layoutOf: LayoutChoice;

  /** A value in a layout, in exactly its nominal shape. */
  get(value: Value, layout?: Layout): string;
  /** A value in plain order for operators that broadcast: possibly a smaller tensor that broadcasts to its shape. */
  operand(value: Value): string;
  /** Whether a value is known to be a smaller tensor repeated. */
  isBroadcast(value: Value): boolean;
  has(value: Value, layout: Layout): boolean;
  /** States that `name` holds `value` in `layout`. */
  set(value: Value, name: string, layout?: Layout): void;
  /** States that `value` is `name` broadcast to its shape, in plain order. */
  setBroadcast(value: Value, name: string): void;
  /** Postpones lowering a value until it is read; another operation may make that unnecessary. */
  defer(value: Value, lower: () => void): void;
  isDeferred(value: Value): boolean;
}
