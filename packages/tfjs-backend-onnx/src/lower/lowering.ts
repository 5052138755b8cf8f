import { notLowered } from "../errors.ts";
import type { LayoutChoice, Lowering, OpNode, Value } from "../graph/operation.ts";
import { emitter } from "../onnx/emitter.ts";
import type { GraphBuilder } from "../onnx/graph-builder.ts";
import { type BlockedLayouts, type Layout, plain } from "../tensor/layouts.ts";
import { type Shape, sizeOf } from "../tensor/shape.ts";
import { convertLayout } from "./convert.ts";

/** How leaves enter the graph: the name of the input that carries a leaf, and the shape of that input. */
export type LeafSource = (value: Value) => { readonly name: string; readonly layout: Layout };

/** Makes the lowering context of one graph. */
export function lowering(
  builder: GraphBuilder,
  blocked: BlockedLayouts | null,
  layoutOf: LayoutChoice,
  leafSource: LeafSource,
): Lowering {
  const deferred = deferredValues(builder);
  const heldBy = heldLayouts(leafSource, deferred.settle);
  const broadcasts = new Map<Value, string>();
  const c: Lowering = {
    ...emitter(builder),
    blocked,
    layoutOf,
    defer: deferred.defer,
    isDeferred: deferred.isDeferred,
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

/** Values whose lowering is postponed until they are read. */
interface DeferredValues extends Pick<Lowering, "defer" | "isDeferred"> {
  /** Lowers a value now if that was postponed. */
  settle(value: Value): void;
}

function deferredValues(builder: GraphBuilder): DeferredValues {
  const deferred = new Map<Value, () => void>();
  return {
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
    settle: (value) => {
      const lower = deferred.get(value);
      if (!lower) return;
      deferred.delete(value);
      lower();
    },
  };
}

/** The layouts in which each value exists so far, with the name of the tensor; a leaf enters the graph when it is first read. */
function heldLayouts(
  leafSource: LeafSource,
  settle: (value: Value) => void,
): (value: Value) => Map<Layout, string> {
  const held = new Map<Value, Map<Layout, string>>();
  return (value) => {
    settle(value);
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
