import { util } from "@tensorflow/tfjs-core";
import type { Lowering, OpDefinition, Value } from "../../graph/operation.ts";
import { sizeOf } from "../../tensor/shape.ts";
import { channelMeans, channelView } from "../channels/channels.ts";
import { attribute, type KernelCall, kernel, type LoweredKernel } from "../kernel.ts";

interface Reduction {
  readonly axes: readonly number[];
  readonly keep: boolean;
}

const reduceOp = (op: string): OpDefinition => ({
  name: op,
  lower: (c, node) => {
    const { axes, keep } = node.attributes as unknown as Reduction;
    const x = node.inputs[0]!;
    const y = node.outputs[0]!;
    if (axes.length === 0) {
      c.set(y, c.get(x));
      return;
    }
    if (reducesPixels(c, x, axes) && (op === "ReduceSum" || op === "ReduceMean")) {
      c.set(y, c.reshape(reducePixels(c, x, axes, op), y.shape));
      return;
    }
    const attributes = { keepdims: keep ? 1 : 0 };
    const input = x.dtype === "bool" ? c.cast(c.get(x), "int32") : c.get(x);
    const result = c.emit(op, [input, c.ints(axes)], y.shape, attributes);
    if (y.dtype === "bool") c.set(y, c.cast(result, "bool"));
    else if (x.dtype === "float32" && (op === "ReduceMax" || op === "ReduceMin")) {
      // The runtime skips what is not a number.
      const missing = c.cast(c.emit("IsNaN", [input], x.shape), "int32");
      const any = c.cast(c.emit("ReduceMax", [missing, c.ints(axes)], y.shape, attributes), "bool");
      c.set(y, c.emit("Where", [any, c.floats([Number.NaN], []), result], y.shape));
    } else c.set(y, result);
  },
});

/** Whether x is stored in blocks of channels and is reduced over all pixels, but not over channels. */
function reducesPixels(c: Lowering, x: Value, axes: readonly number[]): boolean {
  const blocked = c.blocked?.activations;
  if (!blocked || x.dtype !== "float32" || !blocked.accepts(x.shape) || !c.has(x, blocked)) return false;
  return axes.includes(1) && axes.includes(2) && !axes.includes(3);
}

/** A pooling per picture and channel, then a small reduction over pictures if that is asked for. */
function reducePixels(
  c: Lowering,
  x: Value,
  axes: readonly number[],
  op: "ReduceSum" | "ReduceMean",
): string {
  const [b, h, w, channels] = x.shape as [number, number, number, number];
  const view = channelView(c, x.shape);
  let means = c.reshape(channelMeans(c, c.get(x, view.layout), view), [b, channels]);
  if (op === "ReduceSum") means = c.emit("Mul", [means, c.number(h * w, "float32")], [b, channels]);
  return axes.includes(0) ? c.emit(op, [means, c.ints([0])], [1, channels], { keepdims: 1 }) : means;
}

const reduceSum = reduceOp("ReduceSum");
const reduceMean = reduceOp("ReduceMean");
const reduceMax = reduceOp("ReduceMax");
const reduceMin = reduceOp("ReduceMin");
const reduceProd = reduceOp("ReduceProd");

interface ReducedShape extends Reduction {
  readonly shape: readonly number[];
}

/** The axes of a call, counted from the front and sorted, and the shape of the result. */
function reduced(call: KernelCall, x: Value): ReducedShape {
  const given = attribute<number | readonly number[] | undefined>(call, "axis");
  const axis =
    given ?? attribute<number | readonly number[]>(call, "reductionIndices") ?? x.shape.map((_, i) => i);
  const keep = attribute<boolean | undefined>(call, "keepDims") ?? false;
  const axes = util
    .parseAxisParam(typeof axis === "number" ? axis : [...axis], [...x.shape])
    .sort((a, b) => a - b);
  const shape = keep
    ? x.shape.map((d, i) => (axes.includes(i) ? 1 : d))
    : x.shape.filter((_, i) => !axes.includes(i));
  return { axes, keep, shape };
}

function reduction(name: string, op: OpDefinition, dtypes: readonly string[]): LoweredKernel {
  return kernel(name, (call) => {
    const x = call.input("x");
    if (!dtypes.includes(x.dtype) || sizeOf(x.shape) === 0) return null;
    const { axes, keep, shape } = reduced(call, x);
    return call.record.op(op, [x], shape, x.dtype, { axes, keep });
  });
}

/** Index of the largest or smallest element along an axis; the first one where several are equal. */
const argOp = (op: string): OpDefinition => ({
  name: op,
  lower: (c, node) => {
    const { axis } = node.attributes as { axis: number };
    const y = node.outputs[0]!;
    const x = c.get(node.inputs[0]!);
    const worst = c.number(op === "ArgMax" ? Number.NEGATIVE_INFINITY : Number.POSITIVE_INFINITY, "float32");
    const shape = c.shapeOf(x);
    const numbers = c.emit("Where", [c.emit("IsNaN", [x], shape), worst, x], shape);
    const index = c.emit(op, [numbers], y.shape, { axis, keepdims: 0, select_last_index: 0 });
    c.set(y, c.cast(index, "int32"));
  },
});

function argument(name: string, op: OpDefinition): LoweredKernel {
  return kernel(name, (call) => {
    const x = call.input("x");
    if (x.dtype !== "float32" || sizeOf(x.shape) === 0) return null;
    const [axis] = util.parseAxisParam(attribute<number>(call, "axis"), [...x.shape]);
    const shape = x.shape.filter((_, i) => i !== axis);
    return call.record.op(op, [x], shape, "int32", { axis });
  });
}

const cumulativeOp: OpDefinition = {
  name: "CumSum",
  lower: (c, node) => {
    const { axis, exclusive, reverse } = node.attributes as {
      axis: number;
      exclusive: boolean;
      reverse: boolean;
    };
    const y = node.outputs[0]!;
    const attributes = { exclusive: exclusive ? 1 : 0, reverse: reverse ? 1 : 0 };
    c.set(
      y,
      c.emit("CumSum", [c.get(node.inputs[0]!), c.int32s(Int32Array.of(axis), [])], y.shape, attributes),
    );
  },
};

export const reductionKernels: readonly LoweredKernel[] = [
  kernel("Sum", (call) => {
    const x = call.input("x");
    if (sizeOf(x.shape) === 0) return null;
    const { axes, keep, shape } = reduced(call, x);
    return call.record.op(reduceSum, [x], shape, x.dtype === "bool" ? "int32" : x.dtype, { axes, keep });
  }),
  reduction("Mean", reduceMean, ["float32"]),
  reduction("Max", reduceMax, ["float32", "int32"]),
  reduction("Min", reduceMin, ["float32", "int32"]),
  reduction("Prod", reduceProd, ["float32", "int32"]),
  reduction("All", reduceMin, ["bool"]),
  reduction("Any", reduceMax, ["bool"]),
  argument("ArgMax", argOp("ArgMax")),
  argument("ArgMin", argOp("ArgMin")),
  kernel("Cumsum", (call) => {
    const x = call.input("x");
    if (x.dtype === "bool" || sizeOf(x.shape) === 0 || x.shape.length === 0) return null;
    const axis = attribute<number>(call, "axis");
    return call.record.op(cumulativeOp, [x], x.shape, x.dtype, {
      axis,
      exclusive: attribute<boolean>(call, "exclusive"),
      reverse: attribute<boolean>(call, "reverse"),
    });
  }),
];
