import type { OpDefinition, OpNode, Value } from "../graph/operation.ts";
import { sameShape, sizeOf } from "../tensor/shape.ts";

/**
 * Side-by-side fusion: an optimiser does the same dozen element-wise operations to each of some hundred small tensors, and
 * a node of the runtime costs as much as a thousand multiplications. Here equal operations on small tensors become one
 * operation on one vector, which is put together where the chain begins and split where it ends.
 *
 * Only operations whose results nothing but such operations and the outputs need take part, so none of them can depend on
 * another one that does the same.
 */

/** Larger tensors are worth a node of their own. */
const MAX_ELEMENTS = 16384;

/** Fewer tensors are not worth a vector. */
const MIN_LANES = 8;

/** Two scalar operands with equal keys hold the same number. */
export type SameNumber = (value: Value) => string;

/** Equal operations on different tensors: `lanes[k]` is the operation on the k-th of them. */
interface Group {
  readonly lanes: OpNode[];
  /** Which operands are tensors like the result; the others are single numbers. */
  readonly full: readonly boolean[];
}

/** Replaces equal operations on small tensors, at the end of the graph, by operations on vectors. */
export function packSmall(
  nodes: readonly OpNode[],
  outputs: readonly Value[],
  sameNumber: SameNumber,
): readonly OpNode[] {
  const tail = packable(nodes);
  const groups = groupsOf(tail, nodes, sameNumber);
  if (groups.every(({ lanes }) => lanes.length < MIN_LANES)) return nodes;

  const wanted = new Set(outputs);
  const inside = new Set<OpNode>();
  for (const { lanes } of groups) if (lanes.length >= MIN_LANES) for (const node of lanes) inside.add(node);
  for (const node of tail) if (!inside.has(node)) for (const input of node.inputs) wanted.add(input);

  const packed: OpNode[] = nodes.filter((node) => !tail.has(node));
  const vectors = new Map<string, Value>();
  const emit = (op: OpDefinition, kernel: string, inputs: readonly Value[], values: Value[]): void => {
    packed.push({ op, kernel, attributes: {}, inputs, outputs: values });
  };
  const vectorOf = (lanes: readonly Value[]): Value => {
    const key = `${lanes.map(({ code }) => code)}`;
    let vector = vectors.get(key);
    if (!vector) {
      vector = vectorLike(lanes);
      emit(packOp, "pack", lanes, [vector]);
      vectors.set(key, vector);
    }
    return vector;
  };
  for (const { lanes, full } of groups) {
    const [first] = lanes as [OpNode];
    if (lanes.length < MIN_LANES) {
      packed.push(...lanes);
      continue;
    }
    const results = lanes.map((node) => node.outputs[0]!);
    const operands = full.map((isFull, i) =>
      isFull ? vectorOf(lanes.map((node) => node.inputs[i]!)) : first.inputs[i]!,
    );
    const vector = vectorLike(results);
    packed.push({ ...first, op: alike(first.op, lanes), inputs: operands, outputs: [vector] });
    vectors.set(`${results.map(({ code }) => code)}`, vector);
    const whole = usersTakeAll(results, groups);
    if (!whole || results.some((value) => wanted.has(value))) emit(unpackOp, "unpack", [vector], results);
  }
  return packed;
}

/** Element-wise operations on small tensors of floats whose results only such operations and the outputs need. */
function packable(nodes: readonly OpNode[]): ReadonlySet<OpNode> {
  const tail = new Set<OpNode>();
  const needed = new Set<Value>();
  for (let i = nodes.length - 1; i >= 0; i--) {
    const node = nodes[i]!;
    const y = node.outputs[0]!;
    if (isSmall(node, y) && !needed.has(y)) tail.add(node);
    else for (const input of node.inputs) needed.add(input);
  }
  return tail;
}

function isSmall({ op, inputs }: OpNode, y: Value): boolean {
  const size = sizeOf(y.shape);
  return (
    op.pointwise === true &&
    size > 1 &&
    size <= MAX_ELEMENTS &&
    [y, ...inputs].every(({ dtype }) => dtype === "float32") &&
    inputs.every((x) => sizeOf(x.shape) === 1 || sameShape(x.shape, y.shape))
  );
}

/** Operations are alike if they do the same with the same numbers and with results of operations that are alike. */
function groupsOf(
  tail: ReadonlySet<OpNode>,
  nodes: readonly OpNode[],
  sameNumber: SameNumber,
): readonly Group[] {
  const groups = new Map<string, Group>();
  const groupOf = new Map<Value, number>();
  const ids = new Map<string, number>();
  for (const node of nodes) {
    if (!tail.has(node)) continue;
    const full = node.inputs.map((x) => sizeOf(x.shape) > 1);
    const operands = node.inputs.map((x, i) =>
      full[i] ? `tensor ${groupOf.get(x) ?? "given"}` : `number ${sameNumber(x)}`,
    );
    const key = `${node.op.name} ${JSON.stringify(node.attributes)} ${operands}`;
    const id = ids.get(key) ?? ids.size;
    ids.set(key, id);
    groupOf.set(node.outputs[0]!, id);
    const group = groups.get(key);
    if (group) group.lanes.push(node);
    else groups.set(key, { lanes: [node], full });
  }
  return [...groups.values()];
}

/** Whether every later group that reads one of these values reads all of them, in this order. */
function usersTakeAll(values: readonly Value[], groups: readonly Group[]): boolean {
  const members = new Set(values);
  return groups.every(({ lanes, full }) =>
    full.every((isFull, operand) => {
      if (!isFull || !lanes.some(({ inputs }) => members.has(inputs[operand]!))) return true;
      if (lanes.length !== values.length) return false;
      return lanes.every(({ inputs }, k) => inputs[operand] === values[k]);
    }),
  );
}

let vectors = 0;

function vectorLike(lanes: readonly Value[]): Value {
  const size = lanes.reduce((sum, { shape }) => sum + sizeOf(shape), 0);
  return {
    shape: [size],
    dtype: "float32",
    code: Number.MAX_SAFE_INTEGER - vectors++,
    node: null,
    leaf: null,
  };
}

/**
 * The operation on vectors. The layouts of the tensors in them agree as if there were no vectors, and the numbers of all
 * of them are bound, so that a run in which these differ is noticed.
 */
function alike(op: OpDefinition, lanes: readonly OpNode[]): OpDefinition {
  return {
    ...op,
    layouts: (_, votes) => {
      for (const node of lanes) op.layouts?.(node, votes);
    },
    lower: (c, node) => {
      for (const { inputs } of lanes) for (const x of inputs) if (sizeOf(x.shape) === 1) c.operand(x);
      op.lower(c, node);
    },
  };
}

/** Tensors one after the other, each in the order that its layout has. */
const packOp: OpDefinition = {
  name: "Pack",
  lower: (c, { inputs, outputs: [y] }) => {
    const parts = inputs.map((x) => c.reshape(c.get(x, c.layoutOf(x)), [sizeOf(x.shape)]));
    c.set(y!, c.emit("Concat", parts, y!.shape, { axis: 0 }));
  },
};

const unpackOp: OpDefinition = {
  name: "Unpack",
  lower: (c, { inputs: [x], outputs }) => {
    const sizes = outputs.map(({ shape }) => sizeOf(shape));
    const parts = c.emitAll(
      "Split",
      [c.get(x!), c.ints(sizes)],
      sizes.map((size) => [size]),
      { axis: 0 },
    );
    for (const [i, y] of outputs.entries()) c.set(y, parts[i]!, c.layoutOf(y));
  },
};
