import { fail } from "../errors.ts";
import type { OnnxConstant, OnnxNode, OnnxPort, OnnxTensor } from "../onnx/model.ts";
import type { PlainGraph } from "./lower-plain.ts";
import { WHERE } from "./tracing-backend.ts";

/**
 * Lengths for which a function with a free length is traced. Primes above any other length of usual networks, so that
 * nothing equals them by chance, and above the sizes at which lowering treats small tensors in another way.
 */
export const TRACED_LENGTHS: readonly [number, number, number] = [521, 523, 541];

/** The free length: its name, and where the graph can read it. */
export interface FreeLength {
  readonly symbol: string;
  readonly input: string;
  readonly axis: number;
}

/** A graph that holds for every length. */
export interface OpenGraph {
  readonly inputs: readonly OnnxPort[];
  readonly outputs: readonly OnnxPort[];
  readonly nodes: readonly OnnxNode[];
  readonly constants: readonly OnnxConstant[];
}

/**
 * Makes one graph of three traces that differ in one length n.
 *
 * The traces have to be the same graph up to whole-number constants (shapes, bounds of slices), and each of those has to be
 * a + k · n: two traces give a and k, the third one checks them. In the result these constants are computed from the
 * length that the input has when the graph runs; a shape with one unknown length says -1.
 *
 * @throws OnnxBackendError naming the kernel where the traces differ in any other way
 */
export function openLength(traces: readonly PlainGraph[], free: FreeLength): OpenGraph {
  const [first, ...others] = traces as [PlainGraph, PlainGraph, PlainGraph];
  const count = first.nodes.length;
  if (others.some(({ nodes }) => nodes.length !== count))
    differs("the function", "it is another graph", free);
  const constants = new Map<string, OnnxConstant>();
  const computed: OnnxNode[] = [];
  const known = new Map<string, string>();
  const keep = (key: string, { type, bytes, shape }: Omit<OnnxConstant, "name">): string => {
    const name = known.get(key) ?? `/c${constants.size}`;
    known.set(key, name);
    constants.set(name, { name, type, shape, bytes });
    return name;
  };
  const emit = (op: string, inputs: string[], attributes: OnnxNode["attributes"] = {}): string => {
    const key = JSON.stringify([op, inputs, attributes]);
    const name = known.get(key) ?? `/length${computed.length}`;
    if (!known.has(key)) {
      known.set(key, name);
      computed.push({
        op,
        name: `length #${computed.length}`,
        domain: "",
        inputs,
        outputs: [name],
        attributes,
      });
    }
    return name;
  };
  const longs = (values: readonly number[]): string => {
    const bytes = new Uint8Array(BigInt64Array.from(values, BigInt).buffer);
    return keep(`lengths ${values}`, { type: "int64", bytes, shape: [values.length] });
  };

  const open = (node: OnnxNode, input: number, same: readonly OnnxConstant[]): string => {
    const [one] = same as [OnnxConstant];
    if (same.every((other) => sameConstant(one, other))) return keep(one.name, one);
    const line = lineThrough(same);
    if (!line) return differs(node.name, "a constant depends on the length", free);
    const { start, slope } = line;
    const unknown = slope.flatMap((k, i) => (k === 0 ? [] : [i]));
    if (node.op === "Reshape" && input === 1 && unknown.length === 1) {
      return longs(start.map((a, i) => (i === unknown[0] ? -1 : a)));
    }
    const length = emit("Shape", [free.input], { start: free.axis, end: free.axis + 1 });
    const scaled = slope.every((k) => k === 1) ? length : emit("Mul", [length, longs(slope)]);
    const moved = start.every((a) => a === 0) ? scaled : emit("Add", [scaled, longs(start)]);
    const shaped = one.shape.length === 1 ? moved : emit("Reshape", [moved, longs(one.shape)]);
    return one.type === "int64" ? shaped : emit("Cast", [shaped], { to: 6 });
  };

  const nodes = first.nodes.map((node, at): OnnxNode => {
    const same = traces.map((graph) => graph.nodes[at]!);
    if (same.some((other) => signature(other) !== signature(node)))
      differs(node.name, "it is another graph", free);
    const inputs = node.inputs.map((name, i) => {
      const values = traces.map((graph, t) => graph.constants.get(same[t]!.inputs[i]!));
      if (values.every((value) => value !== undefined)) return open(node, i, values);
      if (same.some(({ inputs }) => inputs[i] !== name)) differs(node.name, "it is another graph", free);
      return name;
    });
    return { ...node, inputs };
  });
  for (const [name, { shape }] of first.weights) {
    const there = others.every(({ weights }) => `${weights.get(name)?.shape}` === `${shape}`);
    if (!there) differs(`a captured tensor of shape [${shape}]`, "its shape depends on the length", free);
  }
  return {
    inputs: ports(
      traces.map(({ inputs }) => inputs),
      free.symbol,
    ),
    outputs: ports(
      traces.map(({ outputs }) => outputs),
      free.symbol,
    ),
    nodes: [...computed, ...nodes],
    constants: [...constants.values()],
  };
}

function signature({ op, domain, attributes, outputs, inputs }: OnnxNode): string {
  return JSON.stringify([op, domain, attributes, outputs, inputs.length]);
}

function sameConstant(a: OnnxConstant, b: OnnxConstant): boolean {
  if (a.type !== b.type || `${a.shape}` !== `${b.shape}` || a.shape.length !== b.shape.length) return false;
  return a.bytes.length === b.bytes.length && a.bytes.every((byte, i) => byte === b.bytes[i]);
}

/** start + slope · length through all traced values of a whole-number constant, or null. */
function lineThrough(
  constants: readonly OnnxConstant[],
): { readonly start: readonly number[]; readonly slope: readonly number[] } | null {
  const [one] = constants as [OnnxConstant];
  if (constants.some(({ type, shape }) => type !== one.type || `${shape}` !== `${one.shape}`)) return null;
  const values = constants.map(wholeNumbers);
  if (values.some((numbers) => numbers === null)) return null;
  const [a, b, c] = values as [number[], number[], number[]];
  const [x, y, z] = TRACED_LENGTHS;
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
function ports(traced: readonly (readonly OnnxTensor[])[], symbol: string): OnnxPort[] {
  return traced[0]!.map(({ name, type, shape }, at) => ({
    name,
    type,
    shape: shape.map((length, axis) => {
      const lengths = traced.map((tensors) => tensors[at]!.shape[axis]!);
      if (lengths.every((other) => other === length)) return length;
      return lengths.every((other, t) => other === TRACED_LENGTHS[t]) ? symbol : "";
    }),
  }));
}

function differs(what: string, how: string, { symbol }: FreeLength): never {
  return fail(
    WHERE,
    `${what} cannot be written for every ${symbol}: ${how}`,
    `Give ${symbol} a fixed length, or compute it from the shape of an input.`,
  );
}
