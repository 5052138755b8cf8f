import { notLowered } from "../errors.ts";
import type { OpNode, Shape, Value } from "../graph/types.ts";
import { sameShape, sizeOf } from "../graph/types.ts";
import type { LayoutChoice } from "../layout/assign.ts";
import { type BlockedLayouts, type Layout, plain } from "../layout/layouts.ts";
import { type Attribute, type OnnxType, typeCode } from "../onnx/model.ts";
import { convertLayout } from "./convert.ts";
import type { GraphBuilder } from "./graph-builder.ts";

/**
 * What an operation sees while it is lowered: ONNX tensors are names with a known shape, and every recorded value can be
 * had in any layout it accepts. A conversion is emitted when somebody asks for it, once, and not before.
 */
export interface Lowering {
  /** Layouts of direct blocked convolutions, or null where the runtime has none that work. */
  readonly blocked: BlockedLayouts | null;
  /** The layout that suits most operations around a value. */
  readonly layoutOf: LayoutChoice;

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
  shapeOf(name: string): Shape;
  /** The same numbers under another shape; nothing is emitted if the shape is the same. */
  reshape(name: string, shape: Shape): string;
  transpose(name: string, order: readonly number[]): string;
  cast(name: string, type: OnnxType): string;

  /** Keeps results of one operation for another one that would compute them again. */
  remember(key: string, names: readonly string[]): void;
  recall(key: string): readonly string[] | undefined;
  /** Postpones lowering a value until somebody reads it; another operation may make that unnecessary. */
  defer(value: Value, lower: () => void): void;
  isDeferred(value: Value): boolean;
  /** Emits something once for a key. */
  once(key: string, emit: () => string): string;

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
}

export type Attributes = Readonly<Record<string, Attribute>>;

/** How leaves enter the graph: the name of the input that carries a leaf, and the shape of that input. */
export type LeafSource = (value: Value) => { readonly name: string; readonly layout: Layout };

/** Makes the lowering context of one graph. */
export function lowering(
  builder: GraphBuilder,
  blocked: BlockedLayouts | null,
  layoutOf: LayoutChoice,
  leafSource: LeafSource,
): Lowering {
  const held = new Map<Value, Map<Layout, string>>();
  const broadcasts = new Map<Value, string>();
  const views = new Map<string, string>();
  const deferred = new Map<Value, () => void>();
  const remembered = new Map<string, readonly string[]>();
  const tables = new Map<string, string>();
  /** What a reshaped name is a view of. */
  const sources = new Map<string, string>();

  const heldBy = (value: Value): Map<Layout, string> => {
    const later = deferred.get(value);
    if (later) {
      deferred.delete(value);
      later();
    }
    let layouts = held.get(value);
    if (!layouts) {
      layouts = new Map();
      held.set(value, layouts);
      if (value.leaf) {
        const source = leafSource(value);
        layouts.set(source.layout, source.name);
      }
    }
    return layouts;
  };

  const c: Lowering = {
    blocked,
    layoutOf,
    emit: (op, inputs, shape, attributes, domain) => c.emitAll(op, inputs, [shape], attributes, domain)[0]!,
    emitAll: (op, inputs, shapes, attributes = {}, domain = "") =>
      builder.node(op, inputs, shapes, attributes, domain),
    ints: (values, shape = [values.length]) =>
      builder.constant("int64", BigInt64Array.from(values, BigInt), shape),
    int32s: (values, shape = [values.length]) => builder.constant("int32", values, shape),
    table: (key, make) => {
      let name = tables.get(key);
      if (name === undefined) {
        name = c.int32s(make());
        tables.set(key, name);
      }
      return name;
    },
    floats: (values, shape = [values.length]) =>
      builder.constant("float32", Float32Array.from(values), shape),
    number: (value, type) => {
      if (type === "int64") return c.ints([value]);
      const array =
        type === "float32"
          ? Float32Array.of(value)
          : type === "float64"
            ? Float64Array.of(value)
            : type === "int32"
              ? Int32Array.of(value)
              : Uint8Array.of(value);
      return builder.constant(type, array, [1]);
    },
    shapeOf: builder.shapeOf,
    reshape: (name, shape) => {
      const source = sources.get(name) ?? name;
      for (const same of [name, source]) if (sameShape(builder.shapeOf(same), shape)) return same;
      const key = `${source}:${shape.length}:${shape}`;
      let view = views.get(key);
      if (!view) {
        view = c.emit("Reshape", [source, c.ints(shape)], shape, shape.includes(0) ? { allowzero: 1 } : {});
        views.set(key, view);
        sources.set(view, source);
      }
      return view;
    },
    transpose: (name, order) => {
      const shape = builder.shapeOf(name);
      return c.emit(
        "Transpose",
        [name],
        order.map((axis) => shape[axis]!),
        { perm: order },
      );
    },
    cast: (name, type) => c.emit("Cast", [name], builder.shapeOf(name), { to: typeCode(type) }),
    remember: (key, names) => {
      remembered.set(key, names);
    },
    recall: (key) => remembered.get(key),
    defer: (value, lower) => {
      const { label } = builder;
      deferred.set(value, () => {
        const now = builder.label;
        builder.label = label;
        lower();
        builder.label = now;
      });
    },
    isDeferred: (value) => deferred.has(value),
    once: (key, emit) => {
      const found = remembered.get(key);
      if (found) return found[0]!;
      const name = emit();
      remembered.set(key, [name]);
      return name;
    },
    get: (value, layout = plain) => {
      const layouts = heldBy(value);
      let name = layouts.get(layout);
      if (name === undefined) {
        if (layouts.size === 0) {
          const small = broadcasts.get(value);
          if (small === undefined)
            throw new Error(`${value.node?.kernel ?? "leaf"} was read before it was lowered`);
          layouts.set(plain, expand(c, small, value.shape));
        }
        name = layouts.get(layout) ?? convertLayout(c, value, layouts, layout);
        layouts.set(layout, name);
      }
      return c.reshape(name, layout.nominal(value.shape));
    },
    operand: (value) => {
      const held = heldBy(value).get(plain);
      const small = broadcasts.get(value);
      if (small !== undefined) return small;
      return held !== undefined && sizeOf(value.shape) === 1 ? held : c.get(value);
    },
    isBroadcast: (value) => {
      heldBy(value);
      return broadcasts.has(value);
    },
    has: (value, layout) => heldBy(value).has(layout),
    set: (value, name, layout = plain) => {
      heldBy(value).set(layout, name);
    },
    setBroadcast: (value, name) => {
      heldBy(value);
      broadcasts.set(value, name);
    },
  };
  return c;
}

function expand(c: Lowering, small: string, shape: Shape): string {
  return sizeOf(c.shapeOf(small)) === sizeOf(shape) ? small : c.emit("Expand", [small, c.ints(shape)], shape);
}

/** Lowers one recorded operation, with its kernel and shapes as the name of every ONNX node it becomes. */
export function lowerNode(c: Lowering, builder: GraphBuilder, node: OpNode): void {
  const text = (value: Value): string => `${value.dtype}[${value.shape}]`;
  builder.label = `${node.kernel}(${node.inputs.map(text).join(", ")}) -> ${node.outputs.map(text).join(", ")}`;
  try {
    node.op.lower(c, node);
  } catch (cause) {
    throw notLowered(cause, builder.label);
  }
}
