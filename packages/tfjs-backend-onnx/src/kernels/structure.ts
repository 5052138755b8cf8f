import { backend_util, slice_util, type TensorInfo, util } from "@tensorflow/tfjs-core";
import type { OpDefinition, Value } from "../graph/types.ts";
import { sameShape, sizeOf } from "../graph/types.ts";
import type { Lowering } from "../lower/lowering.ts";
import { broadcastOp } from "./basic.ts";
import { attribute, type KernelCall, kernel, type LoweredKernel } from "./define.ts";
import { permuted } from "./permute.ts";
import { reshapeOp } from "./reshape.ts";

const concatOp: OpDefinition = {
  name: "Concat",
  lower: (c, node) => {
    const { axis } = node.attributes as { axis: number };
    const y = node.outputs[0]!;
    const blocked = c.blocked?.activations;
    if (blocked && axis === 3 && canStayBlocked(c, node.inputs)) {
      c.set(
        y,
        c.emit(
          "Concat",
          node.inputs.map((x) => c.get(x, blocked)),
          blocked.nominal(y.shape),
          { axis: 1 },
        ),
        blocked,
      );
      return;
    }
    c.set(
      y,
      c.emit(
        "Concat",
        node.inputs.map((x) => c.get(x)),
        y.shape,
        { axis },
      ),
    );
  },
};

/** Whether some of these values lie in blocks of channels and all of them can. */
function canStayBlocked(c: Lowering, values: readonly Value[]): boolean {
  const blocked = c.blocked?.activations;
  if (!blocked || !values.every((x) => x.dtype === "float32" && blocked.accepts(x.shape))) return false;
  return values.some((x) => x.node && c.has(x, blocked));
}

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
      canStayBlocked(c, [x]) &&
      axes.every((i) => i === 3) &&
      blocked.accepts(y.shape) &&
      begin[3]! % c.blocked!.block === 0
    ) {
      const ends = [begin[3]! + size[3]!];
      const bounds = [c.ints([begin[3]!]), c.ints(ends), c.ints([1])];
      c.set(y, c.emit("Slice", [c.get(x, blocked), ...bounds], blocked.nominal(y.shape)), blocked);
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
    if (
      blocked &&
      axis === 3 &&
      canStayBlocked(c, [x]) &&
      node.outputs.every((y) => blocked.accepts(y.shape))
    ) {
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

const padOp: OpDefinition = {
  name: "Pad",
  lower: (c, node) => {
    const { paddings, mode } = node.attributes as { paddings: [number, number][]; mode: string };
    const [x, value] = node.inputs;
    const y = node.outputs[0]!;
    const pads = c.ints([...paddings.map((p) => p[0]), ...paddings.map((p) => p[1])]);
    const inputs = [c.get(x!), pads];
    if (value) inputs.push(c.reshape(c.operand(value), []));
    c.set(y, c.emit("Pad", inputs, y.shape, { mode }));
  },
};

const tileOp: OpDefinition = {
  name: "Tile",
  lower: (c, node) => {
    const { reps } = node.attributes as { reps: number[] };
    const y = node.outputs[0]!;
    c.set(y, c.emit("Tile", [c.get(node.inputs[0]!), c.ints(reps)], y.shape));
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

function reshaped(call: KernelCall, x: Value, shape: readonly number[]): Value {
  return sameShape(x.shape, shape) ? x : call.record.op(reshapeOp, [x], shape, x.dtype);
}

const padded = (
  call: KernelCall,
  x: Value,
  paddings: readonly (readonly number[])[],
  mode: string,
  value: Value[],
): Value =>
  call.record.op(
    padOp,
    [x, ...value],
    x.shape.map((d, i) => d + paddings[i]![0]! + paddings[i]![1]!),
    x.dtype,
    { paddings, mode },
  );

export const structureKernels: readonly LoweredKernel[] = [
  kernel("Transpose", (call) => {
    const x = call.input("x");
    const perm = attribute<readonly number[]>(call, "perm");
    if (perm.every((axis, i) => axis === i)) return call.backend.share(call.tensors.x!, x.shape);
    return permuted(call.record, x, perm);
  }),
  kernel("Concat", (call) => {
    const all = Object.values(call.tensors) as TensorInfo[];
    if (new Set(all.map(({ dtype }) => dtype)).size > 1) return null;
    const axis = util.parseAxisParam(attribute<number>(call, "axis"), all[0]!.shape)[0]!;
    backend_util.assertParamsConsistent(
      all.map(({ shape }) => shape),
      axis,
    );
    const inputs = all.filter(({ shape }) => sizeOf(shape) > 0).map((info) => call.backend.recorded(info));
    if (inputs.length === 0) return null;
    const shape = backend_util.computeOutShape(
      inputs.map((x) => [...x.shape]),
      axis,
    );
    return inputs.length === 1
      ? inputs[0]!
      : call.record.op(concatOp, inputs, shape, inputs[0]!.dtype, { axis });
  }),
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
    if (info.isIdentity) return reshaped(call, x, info.finalShape);
    const { begin, end, strides } = info;
    const whole = slice_util.computeOutShape(begin, end, strides);
    const cut = call.record.op(stridedSliceOp, [x], whole, x.dtype, { begin, end, strides });
    return reshaped(call, cut, info.finalShape);
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
  kernel("Pack", (call) => {
    const inputs = call.list();
    const axis = attribute<number>(call, "axis");
    const one = [...inputs[0]!.shape];
    one.splice(axis, 0, 1);
    const shape = one.map((d, i) => (i === axis ? inputs.length : d));
    if (
      sizeOf(shape) === 0 ||
      inputs.some((x) => !sameShape(x.shape, inputs[0]!.shape) || x.dtype !== inputs[0]!.dtype)
    )
      return null;
    const expanded = inputs.map((x) => reshaped(call, x, one));
    return expanded.length === 1
      ? expanded[0]!
      : call.record.op(concatOp, expanded, shape, inputs[0]!.dtype, { axis });
  }),
  kernel("Unpack", (call) => {
    const x = call.input("value");
    const axis = attribute<number>(call, "axis");
    const at = axis < 0 ? axis + x.shape.length : axis;
    const shape = x.shape.filter((_, i) => i !== at);
    const count = x.shape[at]!;
    if (sizeOf(x.shape) === 0) return null;
    if (count === 1) return [reshaped(call, x, shape)];
    const one = x.shape.map((d, i) => (i === at ? 1 : d));
    const parts = call.record.ops(
      splitOp,
      [x],
      Array.from({ length: count }, () => ({ shape: one, dtype: x.dtype })),
      { axis: at },
    );
    return parts.map((part) => reshaped(call, part, shape));
  }),
  kernel("PadV2", (call) => {
    const x = call.input("x");
    const paddings = attribute<[number, number][]>(call, "paddings");
    if (
      x.dtype === "bool" ||
      x.shape.length === 0 ||
      sizeOf(x.shape) === 0 ||
      paddings.flat().some((p) => p < 0)
    )
      return null;
    if (paddings.every(([a, b]) => a === 0 && b === 0)) return call.backend.share(call.tensors.x!, x.shape);
    const value = call.record.scalar(attribute<number>(call, "constantValue") ?? 0, x.dtype);
    return padded(call, x, paddings, "constant", [value]);
  }),
  kernel("MirrorPad", (call) => {
    const x = call.input("x");
    if (x.dtype !== "float32" || attribute<string>(call, "mode") !== "reflect") return null;
    return padded(call, x, attribute<[number, number][]>(call, "paddings"), "reflect", []);
  }),
  kernel("Tile", (call) => {
    const x = call.input("x");
    const reps = attribute<number[]>(call, "reps");
    if (x.shape.length !== reps.length) return null;
    const shape = x.shape.map((d, i) => d * reps[i]!);
    if (sizeOf(shape) === 0 || x.shape.length === 0) return null;
    const repeats = reps.every((r, i) => r === 1 || x.shape[i] === 1);
    return repeats
      ? call.record.op(broadcastOp, [x], shape, x.dtype)
      : call.record.op(tileOp, [x], shape, x.dtype, { reps });
  }),
  kernel("Reverse", (call) => {
    const x = call.input("x");
    const axes = util.parseAxisParam(attribute<number[]>(call, "dims"), [...x.shape]);
    if (x.shape.length === 0 || axes.length === 0) return call.backend.share(call.tensors.x!, x.shape);
    return call.record.op(reverseOp, [x], x.shape, x.dtype, { axes });
  }),
  kernel("DepthToSpace", (call) => {
    const x = call.input("x");
    const size = attribute<number>(call, "blockSize");
    if (attribute<string>(call, "dataFormat") !== "NHWC") return null;
    const [b, h, w, c] = x.shape as [number, number, number, number];
    const depth = c / (size * size);
    const parts = reshaped(call, x, [b, h, w, size, size, depth]);
    return reshaped(call, permuted(call.record, parts, [0, 1, 3, 2, 4, 5]), [b, h * size, w * size, depth]);
  }),
  kernel("BatchToSpaceND", (call) => {
    const x = call.input("x");
    const block = attribute<number[]>(call, "blockShape");
    const crops = attribute<number[][]>(call, "crops");
    const product = sizeOf(block);
    const split = backend_util.getReshaped([...x.shape], block, product);
    const order = backend_util.getPermuted(split.length, block.length);
    const merged = backend_util.getReshapedPermuted([...x.shape], block, product);
    const begin = backend_util.getSliceBeginCoords(crops, block.length);
    const size = backend_util.getSliceSize(merged, crops, block.length);
    return slice(
      call,
      reshaped(call, permuted(call.record, reshaped(call, x, split), order), merged),
      begin,
      size,
    );
  }),
  kernel("SpaceToBatchND", (call) => {
    const x = call.input("x");
    const block = attribute<number[]>(call, "blockShape");
    const paddings: number[][] = [[0, 0], ...attribute<number[][]>(call, "paddings")];
    while (paddings.length < x.shape.length) paddings.push([0, 0]);
    if (x.dtype !== "float32") return null;
    const big = paddings.some(([a, b]) => a !== 0 || b !== 0)
      ? padded(call, x, paddings, "constant", [call.record.scalar(0, x.dtype)])
      : x;
    const product = sizeOf(block);
    const split = backend_util.getReshaped([...big.shape], block, product, false);
    const order = backend_util.getPermuted(split.length, block.length, false);
    const merged = backend_util.getReshapedPermuted([...big.shape], block, product, false);
    return reshaped(call, permuted(call.record, reshaped(call, big, split), order), merged);
  }),
];
