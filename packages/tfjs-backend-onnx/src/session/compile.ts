import { explain } from "../errors.ts";
import type { Recording } from "../graph/recorder.ts";
import type { DType, OpNode, Shape, Value } from "../graph/types.ts";
import { sizeOf } from "../graph/types.ts";
import { rewriteRules } from "../kernels/rewrite-rules.ts";
import { assignLayouts } from "../layout/assign.ts";
import { type BlockedLayouts, type Layout, plain } from "../layout/layouts.ts";
import { graphBuilder } from "../lower/graph-builder.ts";
import { type Lowering, lowering, lowerNode } from "../lower/lowering.ts";
import { packSmall } from "../lower/pack.ts";
import { pruneConstants, pruneNodes } from "../lower/prune.ts";
import { absorbAdditions } from "../lower/rewrite.ts";
import { encodeModel, type OnnxNode, type OnnxTensor } from "../onnx/model.ts";
import type { Runtime, RuntimeSession, SessionOptions } from "../runtime/runtime.ts";

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

export interface CompileTarget {
  readonly runtime: Runtime;
  readonly session: SessionOptions;
  readonly blocked: BlockedLayouts | null;
}

/** Lowers what `outputs` need of a recording and compiles it. */
export function compile(
  recording: Recording,
  outputs: readonly Value[],
  scalarKey: ScalarKey,
  target: CompileTarget,
): Plan {
  const leafIndex = new Map(recording.leaves.map((value, index) => [value, index]));
  const absorbed = absorbAdditions(reachable(recording, outputs), outputs, rewriteRules);
  const needed = packSmall(absorbed, outputs, (value) =>
    value.leaf?.scalar == null ? `value ${value.code}` : scalarKey(leafIndex.get(value)!),
  );
  const builder = graphBuilder();
  const layoutOf = assignLayouts(needed, recording.leaves, target.blocked);
  const feeds: FeedBinding[] = [];
  const scalars = scalarInputs(scalarKey);

  const c = lowering(builder, target.blocked, layoutOf, (value) => {
    const leaf = leafIndex.get(value)!;
    if (value.leaf!.scalar !== null) {
      const name = scalars.nameOf(leaf, value.dtype);
      builder.declare(name, [1]);
      return { name, layout: plain };
    }
    const layout = layoutOf(value);
    const feed: FeedBinding = {
      name: `f${feeds.length}`,
      leaf,
      layout,
      dims: layout.nominal(value.shape),
      dtype: value.dtype,
    };
    feeds.push(feed);
    builder.declare(feed.name, feed.dims);
    return { name: feed.name, layout };
  });
  for (const node of needed) lowerNode(c, builder, node);

  builder.label = "output";
  const taken = new Set([...feeds.map((feed) => feed.name), ...scalars.names()]);
  const bindings = outputs.map((value) => outputBinding(c, value, taken));
  const scalarBindings = scalars.bindings();
  const inputs: OnnxTensor[] = feeds.map(({ name, dtype, dims }) => ({ name, type: dtype, shape: dims }));
  const splits = scalarBindings.map(({ name, dtype, classes }) => {
    inputs.push({ name, type: dtype, shape: [classes.length] });
    return {
      op: "Split",
      name: `scalars ${dtype}`,
      domain: "",
      inputs: [name],
      outputs: classes.map((_, k) => scalarName(dtype, k)),
      attributes: { axis: 0, num_outputs: classes.length },
    };
  });
  const nodes = pruneNodes(
    builder.nodes,
    bindings.map(({ name }) => name),
  );
  const model = encodeModel({
    inputs,
    outputs: smallestFirst(bindings).map(({ name, dtype, dims }) => ({ name, type: dtype, shape: dims })),
    constants: pruneConstants(builder.constants, nodes),
    nodes: [...splits, ...nodes],
  });
  return {
    signature: recording.signature.view().slice(),
    session: compiled(target, model, nodes),
    feeds,
    scalars: scalarBindings,
    outputs: bindings,
    nodes: nodes.length,
    modelBytes: model.length,
  };
}

function compiled(
  { runtime, session }: CompileTarget,
  model: Uint8Array,
  nodes: readonly OnnxNode[],
): RuntimeSession {
  try {
    return runtime.compile(model, session);
  } catch (cause) {
    throw explain(
      cause,
      nodes.map(({ name }) => name),
    );
  }
}

/** The nodes that outputs depend on, in recorded order. */
export function reachable(recording: Recording, outputs: readonly Value[]): readonly OpNode[] {
  const marked = new Set<OpNode>();
  for (const { node } of outputs) if (node) marked.add(node);
  for (let i = recording.nodes.length - 1; i >= 0; i--) {
    const node = recording.nodes[i]!;
    if (marked.has(node)) for (const input of node.inputs) if (input.node) marked.add(input.node);
  }
  return recording.nodes.filter((node) => marked.has(node));
}

function outputBinding(c: Lowering, value: Value, taken: Set<string>): OutputBinding {
  const wished = c.layoutOf(value);
  const layout = c.has(value, wished) || !c.has(value, plain) ? wished : plain;
  let name = c.get(value, layout);
  const dims = c.shapeOf(name);
  if (taken.has(name) || name.startsWith("c")) name = c.emit("Identity", [name], dims);
  taken.add(name);
  return { name, layout, shape: value.shape, dims, dtype: value.dtype };
}

const scalarName = (dtype: DType, k: number): string => `${dtype === "float32" ? "sf" : "si"}${k}`;

/** Groups scalar leaves into classes and names the tensors that carry them. */
function scalarInputs(scalarKey: ScalarKey): {
  nameOf(leaf: number, dtype: DType): string;
  names(): string[];
  bindings(): ScalarBinding[];
} {
  const classes = new Map<DType, { members: number[][]; byKey: Map<string, number> }>();
  return {
    nameOf: (leaf, dtype) => {
      let ofType = classes.get(dtype);
      if (!ofType) {
        ofType = { members: [], byKey: new Map() };
        classes.set(dtype, ofType);
      }
      const key = scalarKey(leaf);
      let k = ofType.byKey.get(key);
      if (k === undefined) {
        k = ofType.members.length;
        ofType.byKey.set(key, k);
        ofType.members.push([]);
      }
      ofType.members[k]!.push(leaf);
      return scalarName(dtype, k);
    },
    names: () => [...classes].flatMap(([dtype, { members }]) => members.map((_, k) => scalarName(dtype, k))),
    bindings: () =>
      [...classes].map(([dtype, { members }]) => ({ name: `scalars_${dtype}`, dtype, classes: members })),
  };
}

/** A runtime may hand over the first output more slowly than the others. */
function smallestFirst(outputs: readonly OutputBinding[]): readonly OutputBinding[] {
  return [...outputs].sort((a, b) => outputSize(a) - outputSize(b));
}

/** Number of elements of an output. */
export function outputSize(output: OutputBinding): number {
  return sizeOf(output.dims);
}
