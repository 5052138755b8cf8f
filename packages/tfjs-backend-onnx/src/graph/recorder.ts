import type { DType, Shape } from "../tensor/shape.ts";
import type { Stored } from "../tensor/stored.ts";
import type { Leaf, OpAttributes, OpDefinition, OpNode, Value } from "./operation.ts";
import { intern, type Signature, signature } from "./signature.ts";

/** Everything recorded since the last run. */
export interface Recording {
  readonly nodes: readonly OpNode[];
  readonly leaves: readonly Value[];
  readonly signature: Signature;
}

/** Records operations in order; the recording becomes one ONNX graph. */
export interface Recorder {
  /** Name of the TensorFlow.js kernel that is recording, for messages. */
  kernel: string;
  readonly size: () => number;
  /** Records an operation with one result. */
  op(
    op: OpDefinition,
    inputs: readonly Value[],
    shape: Shape,
    dtype: DType,
    attributes?: OpAttributes,
  ): Value;
  /** Records an operation with several results. */
  ops(
    op: OpDefinition,
    inputs: readonly Value[],
    outputs: readonly { readonly shape: Shape; readonly dtype: DType }[],
    attributes?: OpAttributes,
  ): readonly Value[];
  /** A stored tensor as a value of this recording. */
  leaf(stored: Stored): Value;
  /** A value under another shape, recorded once for each shape. */
  view(op: OpDefinition, value: Value, shape: Shape): Value;
  /** A number that is bound when the graph runs, of shape []. */
  scalar(value: number, dtype: DType): Value;
  /** Ends the recording and starts an empty one. */
  take(): Recording;
}

const NO_ATTRIBUTES: OpAttributes = {};
const NO_ATTRIBUTES_ID = intern("{}");
const LEAF = intern("leaf");
const SCALAR_LEAF = intern("scalar leaf");
const DTYPE: Readonly<Record<DType, number>> = { float32: 0, int32: 1, bool: 2 };

/** Every list in a signature begins with its length, so that no two recordings have the same one. */
function pushTyped(codes: Signature, dtype: DType, shape: Shape): void {
  codes.push(DTYPE[dtype] + 4 * shape.length);
  for (const size of shape) codes.push(size);
}

/** The recording that is open, with what finds its leaves and views again. */
interface OpenRecording {
  readonly nodes: OpNode[];
  readonly leaves: Value[];
  readonly signature: Signature;
  readonly known: Map<Stored, Value>;
  readonly views: Map<Value, Map<string, Value>>;
  results: number;
}

function openRecording(codes: Signature): OpenRecording {
  codes.reset();
  return { nodes: [], leaves: [], signature: codes, known: new Map(), views: new Map(), results: 0 };
}

/** Makes a recorder with an empty recording. */
export function recorder(): Recorder {
  let open = openRecording(signature());
  let spare = signature();
  const self: Recorder = {
    kernel: "",
    size: () => open.nodes.length,
    op: (op, inputs, shape, dtype, attributes) =>
      self.ops(op, inputs, [{ shape, dtype }], attributes)[0] as Value,
    ops: (op, inputs, outputs, attributes = NO_ATTRIBUTES) =>
      addNode(open, { op, kernel: self.kernel, attributes, inputs, outputs: [] }, outputs),
    leaf: (stored) => {
      let value = open.known.get(stored);
      if (!value) {
        const scalar = stored.buffer.length === 1 && stored.dtype !== "bool" ? stored.buffer[0]! : null;
        stored.references++;
        value = addLeaf(open, stored.shape, stored.dtype, { stored, scalar });
        open.known.set(stored, value);
      }
      return value;
    },
    view: (op, value, shape) => {
      let shapes = open.views.get(value);
      if (!shapes) {
        shapes = new Map();
        open.views.set(value, shapes);
      }
      const key = `${shape}`;
      let view = shapes.get(key);
      if (!view) {
        view = self.op(op, [value], shape, value.dtype);
        shapes.set(key, view);
      }
      return view;
    },
    scalar: (value, dtype) => addLeaf(open, [], dtype, { stored: null, scalar: value }),
    take: () => {
      const { nodes, leaves, signature: codes } = open;
      open = openRecording(spare);
      spare = codes;
      return { nodes, leaves, signature: codes };
    },
  };
  return self;
}

function addNode(
  open: OpenRecording,
  node: OpNode,
  outputs: readonly { readonly shape: Shape; readonly dtype: DType }[],
): readonly Value[] {
  const { signature: codes } = open;
  const { op, attributes, inputs } = node;
  codes.push(intern(op.name));
  codes.push(attributes === NO_ATTRIBUTES ? NO_ATTRIBUTES_ID : intern(JSON.stringify(attributes)));
  codes.push(inputs.length);
  for (const input of inputs) codes.push(input.code);
  codes.push(outputs.length);
  const values: Value[] = [];
  for (const { shape, dtype } of outputs) {
    pushTyped(codes, dtype, shape);
    values.push({ shape, dtype, code: open.results++, node, leaf: null });
  }
  node.outputs = values;
  open.nodes.push(node);
  return values;
}

function addLeaf({ leaves, signature: codes }: OpenRecording, shape: Shape, dtype: DType, leaf: Leaf): Value {
  const value: Value = { shape, dtype, code: -1 - leaves.length, node: null, leaf };
  leaves.push(value);
  codes.push(leaf.scalar === null ? LEAF : SCALAR_LEAF);
  pushTyped(codes, dtype, shape);
  return value;
}
