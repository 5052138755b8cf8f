import { explain } from "../errors.ts";
import type { Lowering, Value } from "../graph/operation.ts";
import { reachable } from "../graph/reachable.ts";
import type { Recording } from "../graph/recorder.ts";
import { rewriteRules } from "../kernels/convolution/rewrite-rules.ts";
import { assignLayouts } from "../lower/assign-layouts.ts";
import { type LeafSource, lowering, lowerNode } from "../lower/lowering.ts";
import { packSmall } from "../lower/pack.ts";
import { absorbAdditions } from "../lower/rewrite.ts";
import { type GraphBuilder, graphBuilder } from "../onnx/graph-builder.ts";
import { encodeModel, type OnnxNode } from "../onnx/model.ts";
import { pruneConstants, pruneNodes } from "../onnx/prune.ts";
import type { Runtime, RuntimeSession, SessionOptions } from "../runtime/runtime.ts";
import { type BlockedLayouts, plain } from "../tensor/layouts.ts";
import { type FeedBinding, type OutputBinding, outputSize, type Plan, type ScalarKey } from "./plan.ts";
import { type ScalarInputs, scalarInputs, splitScalars } from "./scalar-inputs.ts";

/** What a graph is compiled for. */
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
  const { builder, feeds, scalars, bindings } = lowered(recording, outputs, scalarKey, target);
  const scalarBindings = scalars.bindings();
  const nodes = pruneNodes(
    builder.nodes,
    bindings.map(({ name }) => name),
  );
  const model = encodeModel({
    inputs: [
      ...feeds.map(({ name, dtype, dims }) => ({ name, type: dtype, shape: dims })),
      ...scalarBindings.map(({ name, dtype, classes }) => ({ name, type: dtype, shape: [classes.length] })),
    ],
    outputs: smallestFirst(bindings).map(({ name, dtype, dims }) => ({ name, type: dtype, shape: dims })),
    constants: pruneConstants(builder.constants, nodes),
    nodes: [...scalarBindings.map(splitScalars), ...nodes],
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

/** The operators of a recording, and how its leaves and results meet them. */
interface Lowered {
  readonly builder: GraphBuilder;
  readonly feeds: readonly FeedBinding[];
  readonly scalars: ScalarInputs;
  readonly bindings: readonly OutputBinding[];
}

function lowered(
  recording: Recording,
  outputs: readonly Value[],
  scalarKey: ScalarKey,
  { blocked }: CompileTarget,
): Lowered {
  const leafIndex = new Map(recording.leaves.map((value, index) => [value, index]));
  const absorbed = absorbAdditions(reachable(recording, outputs), outputs, rewriteRules);
  const needed = packSmall(absorbed, outputs, (value) =>
    value.leaf?.scalar == null ? `value ${value.code}` : scalarKey(leafIndex.get(value)!),
  );
  const builder = graphBuilder();
  const layoutOf = assignLayouts(needed, recording.leaves, blocked);
  const feeds: FeedBinding[] = [];
  const scalars = scalarInputs(scalarKey);
  const source: LeafSource = (value) => {
    const { dtype } = value;
    const leaf = leafIndex.get(value)!;
    if (value.leaf!.scalar !== null) {
      const name = scalars.nameOf(leaf, dtype);
      builder.declare(name, [1]);
      return { name, layout: plain };
    }
    const layout = layoutOf(value);
    const feed = { name: `f${feeds.length}`, leaf, layout, dims: layout.nominal(value.shape), dtype };
    feeds.push(feed);
    builder.declare(feed.name, feed.dims);
    return feed;
  };
  const c = lowering(builder, blocked, layoutOf, source);
  for (const node of needed) lowerNode(c, builder, node);
  builder.label = "output";
  const taken = new Set([...feeds.map((feed) => feed.name), ...scalars.names()]);
  return { builder, feeds, scalars, bindings: outputs.map((value) => outputBinding(c, value, taken)) };
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

function outputBinding(c: Lowering, value: Value, taken: Set<string>): OutputBinding {
  const wished = c.layoutOf(value);
  const layout = c.has(value, wished) || !c.has(value, plain) ? wished : plain;
  let name = c.get(value, layout);
  const dims = c.shapeOf(name);
  if (taken.has(name) || name.startsWith("c")) name = c.emit("Identity", [name], dims);
  taken.add(name);
  return { name, layout, shape: value.shape, dims, dtype: value.dtype };
}

/** A runtime may hand over the first output more slowly than the others. */
function smallestFirst(outputs: readonly OutputBinding[]): readonly OutputBinding[] {
  return [...outputs].sort((a, b) => outputSize(a) - outputSize(b));
}
