import type { OnnxConstant, OnnxNode } from "@ddpm/tfjs-backend-onnx/authoring";

/** The free length: its name, and where the graph can read it. */
export interface FreeLength {
  readonly symbol: string;
  readonly input: string;
  readonly axis: number;
}

/** Whole numbers that depend on the length n: start + slope · n, one of each per element. */
export interface Line {
  readonly start: readonly number[];
  readonly slope: readonly number[];
}

/** The constants of a graph, and the nodes that compute others from the length of an input; equal ones are there once. */
export interface LengthArithmetic {
  readonly nodes: readonly OnnxNode[];
  constants(): OnnxConstant[];
  /** A constant under a name of the graph's own. */
  keep(constant: OnnxConstant): string;
  /** A constant of 64-bit integers. */
  longs(values: readonly number[]): string;
  /** The numbers of a line, in the type and shape of `like`. */
  computed(line: Line, like: OnnxConstant): string;
}

/** `TensorProto.DataType.INT32` of the ONNX specification. */
const INT32 = 6;

/** Starts with no constants. */
export function lengthArithmetic(free: FreeLength): LengthArithmetic {
  const constants = new Map<string, OnnxConstant>();
  const nodes: OnnxNode[] = [];
  const known = new Map<string, string>();
  const keepAs = (key: string, { type, bytes, shape }: Omit<OnnxConstant, "name">): string => {
    const name = known.get(key) ?? `/c${constants.size}`;
    known.set(key, name);
    constants.set(name, { name, type, shape, bytes });
    return name;
  };
  const emit = (op: string, inputs: string[], attributes: OnnxNode["attributes"] = {}): string => {
    const key = JSON.stringify([op, inputs, attributes]);
    const name = known.get(key) ?? `/length${nodes.length}`;
    if (!known.has(key)) {
      known.set(key, name);
      nodes.push({ op, name: `length #${nodes.length}`, domain: "", inputs, outputs: [name], attributes });
    }
    return name;
  };
  const longs = (values: readonly number[]): string => {
    const bytes = new Uint8Array(BigInt64Array.from(values, BigInt).buffer);
    return keepAs(`lengths ${values}`, { type: "int64", bytes, shape: [values.length] });
  };
  return {
    nodes,
    constants: () => [...constants.values()],
    keep: (constant) => keepAs(constant.name, constant),
    longs,
    computed: ({ start, slope }, { type, shape }) => {
      const length = emit("Shape", [free.input], { start: free.axis, end: free.axis + 1 });
      const scaled = slope.every((k) => k === 1) ? length : emit("Mul", [length, longs(slope)]);
      const moved = start.every((a) => a === 0) ? scaled : emit("Add", [scaled, longs(start)]);
      const shaped = shape.length === 1 ? moved : emit("Reshape", [moved, longs(shape)]);
      return type === "int64" ? shaped : emit("Cast", [shaped], { to: INT32 });
    },
  };
}
