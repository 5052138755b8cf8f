import { type Shape, sameShape } from "../tensor/shape.ts";
import type { GraphBuilder } from "./graph-builder.ts";
import { type Attribute, type OnnxType, typeCode } from "./model.ts";

/** Attributes of an operator, by name. */
export type Attributes = Readonly<Record<string, Attribute>>;

/** Emits operators and constants of one ONNX graph; tensors are names with a known shape. */
export interface Emitter extends Constants, Memo {
  /** Emits an operator with one result of the given shape and returns the result's name. */
  emit(op: string, inputs: readonly string[], shape: Shape, attributes?: Attributes, domain?: string): string;
  /** Emits an operator with several results. */
  emitAll(
    op: string,
    inputs: readonly string[],
    shapes: readonly Shape[],
    attributes?: Attributes,
    domain?: string,
  ): readonly string[];
  shapeOf(name: string): Shape;
  /** The same numbers under another shape; nothing is emitted if the shape is the same. */
  reshape(name: string, shape: Shape): string;
  transpose(name: string, order: readonly number[]): string;
  cast(name: string, type: OnnxType): string;
}

/** Constants of a graph, each by the name that it gets. */
export interface Constants {
  /** A constant of 64-bit integers. */
  ints(values: readonly number[], shape?: Shape): string;
  /** A constant of 32-bit integers (index lists; half the size of `ints`). */
  int32s(values: Int32Array, shape?: Shape): string;
  /** A constant index list that is made once for a key. */
  table(key: string, make: () => Int32Array): string;
  /** A constant of floats. */
  floats(values: readonly number[], shape?: Shape): string;
  /** A constant of one element of the given dtype, shape [1]. */
  number(value: number, type: OnnxType): string;
}

/** Results by key, for operations that would compute them again. */
export interface Memo {
  /** Keeps results of one operation for another one. */
  remember(key: string, names: readonly string[]): void;
  recall(key: string): readonly string[] | undefined;
  /** Emits something once for a key. */
  once(key: string, emit: () => string): string;
}

/** Makes the emitter of a graph. */
export function emitter(builder: GraphBuilder): Emitter {
  const views = new Map<string, string>();
  /** What a reshaped name is a view of. */
  const sources = new Map<string, string>();
  const { node, shapeOf } = builder;
  const e: Emitter = {
    ...constants(builder),
    ...memo(),
    shapeOf,
    emit: (op, inputs, shape, attributes, domain) => e.emitAll(op, inputs, [shape], attributes, domain)[0]!,
    emitAll: (op, inputs, shapes, attributes = {}, domain = "") =>
      node(op, inputs, shapes, attributes, domain),
    reshape: (name, shape) => {
      const source = sources.get(name) ?? name;
      for (const same of [name, source]) if (sameShape(shapeOf(same), shape)) return same;
      const key = `${source}:${shape.length}:${shape}`;
      let view = views.get(key);
      if (!view) {
        view = e.emit("Reshape", [source, e.ints(shape)], shape, shape.includes(0) ? { allowzero: 1 } : {});
        views.set(key, view);
        sources.set(view, source);
      }
      return view;
    },
    transpose: (name, order) => {
      const shape = shapeOf(name);
      return e.emit(
        "Transpose",
        [name],
        order.map((axis) => shape[axis]!),
        { perm: order },
      );
    },
    cast: (name, type) => e.emit("Cast", [name], shapeOf(name), { to: typeCode(type) }),
  };
  return e;
}

function constants({ constant }: GraphBuilder): Constants {
  const tables = new Map<string, string>();
  const ints: Constants["ints"] = (values, shape = [values.length]) =>
    constant("int64", BigInt64Array.from(values, BigInt), shape);
  const int32s: Constants["int32s"] = (values, shape = [values.length]) => constant("int32", values, shape);
  return {
    ints,
    int32s,
    table: (key, make) => {
      let name = tables.get(key);
      if (name === undefined) {
        name = int32s(make());
        tables.set(key, name);
      }
      return name;
    },
    floats: (values, shape = [values.length]) => constant("float32", Float32Array.from(values), shape),
    number: (value, type) => (type === "int64" ? ints([value]) : constant(type, arrayOf(value, type), [1])),
  };
}

function arrayOf(value: number, type: Exclude<OnnxType, "int64">): ArrayBufferView {
  switch (type) {
    case "float32":
      return Float32Array.of(value);
    case "float64":
      return Float64Array.of(value);
    case "int32":
      return Int32Array.of(value);
    case "uint8":
    case "bool":
      return Uint8Array.of(value);
  }
}

function memo(): Memo {
  const remembered = new Map<string, readonly string[]>();
  return {
    remember: (key, names) => {
      remembered.set(key, names);
    },
    recall: (key) => remembered.get(key),
    once: (key, emit) => {
      const found = remembered.get(key);
      if (found) return found[0]!;
      const name = emit();
      remembered.set(key, [name]);
      return name;
    },
  };
}
