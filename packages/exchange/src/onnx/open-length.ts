import { fail } from "@ddpm/core";
import type {
  OnnxConstant,
  OnnxNode,
  OnnxPort,
  OnnxTensor,
  RecordedGraph,
} from "@ddpm/tfjs-backend-onnx/authoring";
import { type FreeLength, type LengthArithmetic, type Line, lengthArithmetic } from "./length-arithmetic.ts";
import { WHERE } from "./where.ts";

/**
 * Lengths for which a function with a free length is recorded. Primes above any other length of usual networks, so that
 * nothing equals them by chance, and above the sizes at which lowering treats small tensors in another way.
 */
export const RECORDED_LENGTHS: readonly [number, number, number] = [521, 523, 541];

/** A graph that holds for every length. */
export interface OpenGraph {
  readonly inputs: readonly OnnxPort[];
  readonly outputs: readonly OnnxPort[];
  readonly nodes: readonly OnnxNode[];
  readonly constants: readonly OnnxConstant[];
}

/**
 * Makes one graph of three recordings that differ in one length n.
 *
 * The recordings have to be the same graph up to whole-number constants (shapes, bounds of slices), and each of those has
 * to be a + k · n: two recordings give a and k, the third one checks them. In the result these constants are computed from
 * the length that the input has when the graph runs; a shape with one unknown length has -1 there.
 *
 * @throws DdpmError naming the kernel where the recordings differ in any other way
 */
export function openLength(graphs: readonly RecordedGraph[], free: FreeLength): OpenGraph {
  const [first, ...others] = graphs as [RecordedGraph, RecordedGraph, RecordedGraph];
  if (others.some(({ nodes }) => nodes.length !== first.nodes.length))
    differs("the function", "it is another graph", free);
  for (const [name, { shape }] of first.weights) {
    const there = others.every(({ weights }) => `${weights.get(name)?.shape}` === `${shape}`);
    if (!there) differs(`a captured tensor of shape [${shape}]`, "its shape depends on the length", free);
  }
  const arithmetic = lengthArithmetic(free);
  const nodes = first.nodes.map((_, at) => openNode(graphs, at, arithmetic, free));
  return {
    inputs: ports(
      graphs.map(({ inputs }) => inputs),
      free.symbol,
    ),
    outputs: ports(
      graphs.map(({ outputs }) => outputs),
      free.symbol,
    ),
    nodes: [...arithmetic.nodes, ...nodes],
    constants: arithmetic.constants(),
  };
}

/** Node `at` of all recordings as one, its constants open. */
function openNode(
  graphs: readonly RecordedGraph[],
  at: number,
  arithmetic: LengthArithmetic,
  free: FreeLength,
): OnnxNode {
  const same = graphs.map(({ nodes }) => nodes[at]!);
  const [node] = same as [OnnxNode];
  if (same.some((other) => signature(other) !== signature(node)))
    differs(node.name, "it is another graph", free);
  const inputs = node.inputs.map((name, i) => {
    const values = graphs.map(({ constants }, k) => constants.get(same[k]!.inputs[i]!));
    if (values.every((value) => value !== undefined)) {
      const constant = openConstant(values, arithmetic, node.op === "Reshape" && i === 1);
      return constant ?? differs(node.name, "a constant depends on the length", free);
    }
    if (same.some(({ inputs }) => inputs[i] !== name)) differs(node.name, "it is another graph", free);
    return name;
  });
  return { ...node, inputs };
}

/** A constant of all recordings, as it is or computed from the length; null where it is no line. */
function openConstant(
  same: readonly OnnxConstant[],
  arithmetic: LengthArithmetic,
  isShape: boolean,
): string | null {
  const [one] = same as [OnnxConstant];
  if (same.every((other) => sameConstant(one, other))) return arithmetic.keep(one);
  const line = lineThrough(same);
  if (!line) return null;
  const unknown = line.slope.flatMap((k, i) => (k === 0 ? [] : [i]));
  if (isShape && unknown.length === 1)
    return arithmetic.longs(line.start.map((a, i) => (i === unknown[0] ? -1 : a)));
  return arithmetic.computed(line, one);
}

function signature({ op, domain, attributes, outputs, inputs }: OnnxNode): string {
  return JSON.stringify([op, domain, attributes, outputs, inputs.length]);
}

function sameConstant(a: OnnxConstant, b: OnnxConstant): boolean {
  if (a.type !== b.type || `${a.shape}` !== `${b.shape}` || a.shape.length !== b.shape.length) return false;
  return a.bytes.length === b.bytes.length && a.bytes.every((byte, i) => byte === b.bytes[i]);
}

/** The line through all recorded values of a whole-number constant, or null. */
function lineThrough(constants: readonly OnnxConstant[]): Line | null {
  const [one] = constants as [OnnxConstant];
  if (constants.some(({ type, shape }) => type !== one.type || `${shape}` !== `${one.shape}`)) return null;
  const values = constants.map(wholeNumbers);
  if (values.some((numbers) => numbers === null)) return null;
  const [a, b, c] = values as [number[], number[], number[]];
  const [x, y, z] = RECORDED_LENGTHS;
  const slope = a.map((value, i) => (b[i]! - value) / (y - x));
  const start = a.map((value, i) => value - slope[i]! * x);
  const fits = start.every((from, i) => Number.isInteger(slope[i]) && from + slope[i]! * z === c[i]);
  return fits ? { start, slope } : null;
}

function wholeNumbers({ type, bytes }: OnnxConstant): number[] | null {
  const { buffer, byteOffset, byteLength } = bytes.slice();
  if (type === "int64") return Array.from(new BigInt64Array(buffer, byteOffset, byteLength / 8), Number);
  return type === "int32" ? [...new Int32Array(buffer, byteOffset, byteLength / 4)] : null;
}

/** Shapes with the free length by name; lengths that are computed from it are left open. */
function ports(recorded: readonly (readonly OnnxTensor[])[], symbol: string): OnnxPort[] {
  return recorded[0]!.map(({ name, type, shape }, at) => ({
    name,
    type,
    shape: shape.map((length, axis) => {
      const lengths = recorded.map((tensors) => tensors[at]!.shape[axis]!);
      if (lengths.every((other) => other === length)) return length;
      return lengths.every((other, t) => other === RECORDED_LENGTHS[t]) ? symbol : "";
    }),
  }));
}

function differs(what: string, how: string, { symbol }: FreeLength): never {
  return fail(
    WHERE,
    `${what} cannot be written for every ${symbol}: ${how}.`,
    `Give ${symbol} a fixed length, or compute it from the shape of an input.`,
  );
}
