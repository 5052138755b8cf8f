import { backend_util, slice_util, util } from "@tensorflow/tfjs-core";
import type { OpDefinition, Value } from "../../graph/operation.ts";
import { sameShape, sizeOf } from "../../tensor/shape.ts";
import { cropPixels, isBlocked } from "../channels/pixels.ts";
import { attribute, type KernelCall, kernel, type LoweredKernel } from "../kernel.ts";
import { reshaped } from "./reshape.ts";

interface SliceBounds {
  readonly begin: readonly number[];
  readonly size: readonly number[];
}

const sliceOp: OpDefinition = {
  name: "Slice",
  lower: (c, node) => {
    const { begin, size } = node.attributes as unknown as SliceBounds;
    const x = node.inputs[0]!;
    const y = node.outputs[0]!;
    const blocked = c.blocked?.activations;
    const axes = begin.map((_, i) => i).filter((i) => size[i] !== x.shape[i]);
    if (
      blocked &&
      isBlocked(c, x) &&
      axes.every((i) => i === 3) &&
      blocked.accepts(y.shape) &&
      begin[3]! % c.blocked!.block === 0
    ) {
      const ends = [begin[3]! + size[3]!];
      const bounds = [c.ints([begin[3]!]), c.ints(ends), c.ints([1])];
      c.set(y, c.emit("Slice", [c.get(x, blocked), ...bounds], blocked.nominal(y.shape)), blocked);
      return;
    }
    if (blocked && isBlocked(c, x) && axes.every((i) => i === 1 || i === 2)) {
      c.set(y, cropPixels(c, c.get(x, blocked), begin[1]!, begin[2]!, size[1]!, size[2]!), blocked);
      return;
    }
    const bounds = [
      c.ints(axes.map((i) => begin[i]!)),
      c.ints(axes.map((i) => begin[i]! + size[i]!)),
      c.ints(axes),
    ];
    c.set(y, c.emit("Slice", [c.get(x), ...bounds], y.shape));
  },
};

/** Records a slice; the whole tensor is the tensor itself. */
export function slice(call: KernelCall, x: Value, begin: readonly number[], size: readonly number[]): Value {
  if (sameShape(size, x.shape)) return x;
  const missing = x.shape.slice(size.length);
  if (missing.length > 0) return slice(call, x, [...begin, ...missing.map(() => 0)], [...size, ...missing]);
  return call.record.op(sliceOp, [x], size.slice(), x.dtype, { begin, size });
}

const stridedSliceOp: OpDefinition = {
  name: "StridedSlice",
  lower: (c, node) => {
    const { begin, end, strides } = node.attributes as unknown as Record<
      "begin" | "end" | "strides",
      number[]
    >;
    const y = node.outputs[0]!;
    const axes = begin.map((_, i) => i);
    // An end before the first element, for negative strides, is written as a number that no axis reaches.
    const ends = end.map((e, i) => (strides[i]! < 0 && e < 0 ? -(2 ** 31) : e));
    c.set(
      y,
      c.emit(
        "Slice",
        [c.get(node.inputs[0]!), c.ints(begin), c.ints(ends), c.ints(axes), c.ints(strides)],
        y.shape,
      ),
    );
  },
};

const splitOp: OpDefinition = {
  name: "Split",
  lower: (c, node) => {
    const { axis } = node.attributes as { axis: number };
    const x = node.inputs[0]!;
    const blocked = c.blocked?.activations;
    const sizes = node.outputs.map((y) => y.shape[axis]!);
    if (blocked && axis === 3 && isBlocked(c, x) && node.outputs.every((y) => blocked.accepts(y.shape))) {
      const shapes = node.outputs.map((y) => blocked.nominal(y.shape));
      const parts = c.emitAll("Split", [c.get(x, blocked), c.ints(sizes)], shapes, { axis: 1 });
      for (const [i, y] of node.outputs.entries()) c.set(y, parts[i]!, blocked);
      return;
    }
    const parts = c.emitAll(
      "Split",
      [c.get(x), c.ints(sizes)],
      node.outputs.map((y) => y.shape),
      { axis },
    );
    for (const [i, y] of node.outputs.entries()) c.set(y, parts[i]!);
  },
};

/** Reads an axis backwards with a slice of step -1. */
const reverseOp: OpDefinition = {
  name: "Reverse",
  lower: (c, node) => {
    const { axes } = node.attributes as { axes: number[] };
    const y = node.outputs[0]!;
    const all = (value: number): string => c.ints(axes.map(() => value));
    c.set(
      y,
      c.emit("Slice", [c.get(node.inputs[0]!), all(-1), all(-(2 ** 31)), c.ints(axes), all(-1)], y.shape),
    );
  },
};

/** Kernels that split tensors. */
export const slicingKernels: readonly LoweredKernel[] = [
  kernel("Slice", (call) => {
    const x = call.input("x");
    const [begin, size] = slice_util.parseSliceParams(
      call.tensors.x as never,
      attribute<number[]>(call, "begin"),
      attribute<number[]>(call, "size"),
    ) as [number[], number[]];
    slice_util.assertParamsValid(call.tensors.x as never, begin, size);
    return sizeOf(size) === 0 || x.shape.length === 0 ? null : slice(call, x, begin, size);
  }),
  kernel("StridedSlice", (call) => {
    const x = call.input("x");
    const info = slice_util.sliceInfo(
      [...x.shape],
      attribute<number[]>(call, "begin"),
      attribute<number[]>(call, "end"),
      attribute<number[]>(call, "strides"),
      attribute<number>(call, "beginMask"),
      attribute<number>(call, "endMask"),
      attribute<number>(call, "ellipsisMask"),
      attribute<number>(call, "newAxisMask"),
      attribute<number>(call, "shrinkAxisMask"),
    );
    if (sizeOf(info.finalShape) === 0) return null;
    if (info.isIdentity) return reshaped(call.record, x, info.finalShape);
    const { begin, end, strides } = info;
    const whole = slice_util.computeOutShape(begin, end, strides);
    const cut = call.record.op(stridedSliceOp, [x], whole, x.dtype, { begin, end, strides });
    return reshaped(call.record, cut, info.finalShape);
  }),
  kernel("SplitV", (call) => {
    const x = call.input("x");
    const axis = util.parseAxisParam(attribute<number>(call, "axis"), [...x.shape])[0]!;
    const given = attribute<number | number[]>(call, "numOrSizeSplits");
    const sizes = backend_util.prepareSplitSize({ shape: [...x.shape] } as never, given as number[], axis);
    if (sizes.includes(0)) return null;
    const outputs = sizes.map((size) => ({
      shape: x.shape.map((d, i) => (i === axis ? size : d)),
      dtype: x.dtype,
    }));
    return call.record.ops(splitOp, [x], outputs, { axis });
  }),
  kernel("Unpack", (call) => {
    const x = call.input("value");
    const axis = attribute<number>(call, "axis");
    const at = axis < 0 ? axis + x.shape.length : axis;
    const shape = x.shape.filter((_, i) => i !== at);
    const count = x.shape[at]!;
    if (sizeOf(x.shape) === 0) return null;
    if (count === 1) return [reshaped(call.record, x, shape)];
    const one = x.shape.map((d, i) => (i === at ? 1 : d));
    const parts = call.record.ops(
      splitOp,
      [x],
      Array.from({ length: count }, () => ({ shape: one, dtype: x.dtype })),
      { axis: at },
    );
    return parts.map((part) => reshaped(call.record, part, shape));
  }),
  kernel("Reverse", (call) => {
    const x = call.input("x");
    const axes = util.parseAxisParam(attribute<number[]>(call, "dims"), [...x.shape]);
    if (x.shape.length === 0 || axes.length === 0) return call.share(call.tensors.x!, x.shape);
    return call.record.op(reverseOp, [x], x.shape, x.dtype, { axes });
  }),
];
