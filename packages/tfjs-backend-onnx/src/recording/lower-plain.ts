import { fail } from "../errors.ts";
import type { Lowering, Value } from "../graph/operation.ts";
import { reachable } from "../graph/reachable.ts";
import type { Recording } from "../graph/recorder.ts";
import { rewriteRules } from "../kernels/convolution/rewrite-rules.ts";
import { assignLayouts } from "../lower/assign-layouts.ts";
import { type LeafSource, lowering } from "../lower/lowering.ts";
import { absorbAdditions } from "../lower/rewrite.ts";
import { type GraphBuilder, graphBuilder } from "../onnx/graph-builder.ts";
import type { OnnxConstant, OnnxNode, OnnxTensor } from "../onnx/model.ts";
import { pruneNodes } from "../onnx/prune.ts";
import type { Numbers } from "../runtime/runtime.ts";
import { type Layout, plain, reorderOnHost } from "../tensor/layouts.ts";
import { sizeOf } from "../tensor/shape.ts";
import type { Stored } from "../tensor/stored.ts";
import { WHERE } from "./recording-backend.ts";

/** A constant whose numbers are put in order when the file is written. */
export interface Weight extends OnnxTensor {
  readonly numbers: () => Numbers;
}

/** A recording in operators of ONNX alone, for inputs of fixed shapes. */
export interface RecordedGraph {
  readonly inputs: readonly OnnxTensor[];
  readonly outputs: readonly OnnxTensor[];
  readonly nodes: readonly OnnxNode[];
  /** Small constants by name. */
  readonly constants: ReadonlyMap<string, OnnxConstant>;
  /** Given and captured tensors by name. */
  readonly weights: ReadonlyMap<string, Weight>;
}

/**
 * Lowers a recording without blocked layouts.
 *
 * @param names of the inputs and constants among the leaves
 * @throws OnnxBackendError naming an operator of a runtime's own
 */
export function lowerPlain(
  recording: Recording,
  outputs: ReadonlyMap<string, Value>,
  inputs: readonly OnnxTensor[],
  names: ReadonlyMap<Stored, string>,
): RecordedGraph {
  const values = [...outputs.values()];
  const needed = absorbAdditions(reachable(recording, values), values, rewriteRules);
  const builder = graphBuilder();
  const layoutOf = assignLayouts(needed, recording.leaves, null);
  const isInput = new Set(inputs.map(({ name }) => name));
  const weights = new Map<string, Weight>();
  let captured = 0;

  const source: LeafSource = (value) => {
    const { stored, scalar } = value.leaf!;
    const known = stored && names.get(stored);
    if (known !== undefined && known !== null && isInput.has(known)) {
      builder.declare(known, value.shape);
      return { name: known, layout: plain };
    }
    if (known === undefined || known === null) {
      if (scalar !== null) return { name: c.number(scalar, value.dtype), layout: plain };
      if (isUniform(stored!.buffer)) return { name: repeated(c, value, stored!.buffer[0]!), layout: plain };
    }
    const name = known ?? `/captured${captured++}`;
    const layout = layoutOf(value);
    const shape = layout.nominal(value.shape);
    builder.declare(name, shape);
    weights.set(name, { name, type: value.dtype, shape, numbers: () => ordered(stored!, layout) });
    return { name, layout };
  };
  const c: Lowering = lowering(builder, null, layoutOf, source);
  for (const node of needed) {
    builder.label = node.kernel;
    node.op.lower(c, node);
  }
  builder.label = "output";
  const named = nameOutputs(c, builder, outputs, new Set([...isInput, ...names.values()]));
  const nodes = pruneNodes(
    named.nodes,
    named.outputs.map(({ name }) => name),
  );
  const foreign = nodes.find(({ domain }) => domain !== "");
  if (foreign)
    fail(WHERE, `${foreign.op} for ${foreign.name} is no operator of ONNX`, "This is a defect: report it.");
  return {
    inputs,
    outputs: named.outputs,
    nodes,
    constants: new Map(
      builder.constants.map((constant) => [
        inner(constant.name),
        { ...constant, name: inner(constant.name) },
      ]),
    ),
    weights,
  };
}

/** Gives results their names: a node's own output takes it, anything else gets an Identity. */
function nameOutputs(
  c: Lowering,
  builder: GraphBuilder,
  outputs: ReadonlyMap<string, Value>,
  taken: Set<string>,
): { readonly nodes: readonly OnnxNode[]; readonly outputs: readonly OnnxTensor[] } {
  const found = [...outputs].map(([name, value]) => {
    if (taken.has(name))
      fail(WHERE, `${JSON.stringify(name)} names a result and an input or constant`, "Rename one.");
    taken.add(name);
    const held = c.get(value);
    const result = c.emit("Identity", [held], value.shape);
    return { name, held, result, type: value.dtype, shape: value.shape };
  });
  const own = new Set(builder.nodes.flatMap((node) => node.outputs));
  const renamed = new Map<string, string>();
  for (const { name, held, result } of found) {
    if (own.has(held) && !renamed.has(held)) renamed.set(held, name);
    else renamed.set(result, name);
  }
  const isConstant = new Set(builder.constants.map(({ name }) => name));
  const rename = (name: string): string =>
    renamed.get(name) ?? (own.has(name) || isConstant.has(name) ? inner(name) : name);
  const nodes = builder.nodes.map((node) => ({
    ...node,
    inputs: node.inputs.map(rename),
    outputs: node.outputs.map(rename),
  }));
  return { nodes, outputs: found.map(({ name, type, shape }) => ({ name, type, shape })) };
}

/** Names that nobody else may give. */
function inner(name: string): string {
  return `/${name}`;
}

function ordered(stored: Stored, layout: Layout): Numbers {
  if (layout === plain) return stored.buffer;
  const numbers = new Float32Array(stored.buffer.length);
  reorderOnHost(stored.buffer, numbers, stored.shape, layout, "from plain");
  return numbers;
}

function isUniform(numbers: Numbers): boolean {
  return numbers.length > 0 && numbers.every((value) => Object.is(value, numbers[0]));
}

function repeated(c: Lowering, { dtype, shape }: Value, number: number): string {
  const one = c.number(number, dtype);
  return sizeOf(shape) === 1 ? c.reshape(one, shape) : c.emit("Expand", [one, c.ints(shape)], shape);
}
