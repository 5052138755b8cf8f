import { backend_util, util } from "@tensorflow/tfjs-core";
import type { OpDefinition, Value } from "../../graph/operation.ts";
import { typeCode } from "../../onnx/model.ts";
import { sizeOf } from "../../tensor/shape.ts";
import { attribute, kernel, type LoweredKernel } from "../kernel.ts";
import { reshapeOp } from "./reshape.ts";

const gatherOp: OpDefinition = {
  name: "Gather",
  lower: (c, node) => {
    const { axis } = node.attributes as { axis: number };
    const [x, indices] = node.inputs;
    const y = node.outputs[0]!;
    c.set(y, c.emit("Gather", [c.get(x!), c.get(indices!)], y.shape, { axis }));
  },
};

const gatherNdOp: OpDefinition = {
  name: "GatherND",
  lower: (c, node) => {
    const [x, indices] = node.inputs;
    const y = node.outputs[0]!;
    c.set(y, c.emit("GatherND", [c.get(x!), c.cast(c.get(indices!), "int64")], y.shape));
  },
};

/** Adds rows into a zeroed tensor; negative segments are dropped into a row that is cut off. */
const segmentSumOp: OpDefinition = {
  name: "UnsortedSegmentSum",
  lower: (c, node) => {
    const [x, segments] = node.inputs;
    const y = node.outputs[0]!;
    const [rows] = x!.shape;
    const [count] = y.shape;
    const width = sizeOf(y.shape.slice(1));
    const index = c.reshape(c.get(segments!), [rows!, 1]);
    const legal = c.emit("GreaterOrEqual", [index, c.number(0, "int32")], [rows!, 1]);
    const safe = c.emit("Where", [legal, index, c.number(count!, "int32")], [rows!, 1]);
    const zeros = c.emit("Expand", [c.number(0, x!.dtype), c.ints([count! + 1, width])], [count! + 1, width]);
    const sums = c.emit(
      "ScatterND",
      [zeros, c.cast(safe, "int64"), c.reshape(c.get(x!), [rows!, width])],
      [count! + 1, width],
      { reduction: "add" },
    );
    const kept = c.emit("Slice", [sums, c.ints([0]), c.ints([count!]), c.ints([0])], [count!, width]);
    c.set(y, c.reshape(kept, y.shape));
  },
};

const scatterOp: OpDefinition = {
  name: "ScatterND",
  lower: (c, node) => {
    const [indices, updates] = node.inputs;
    const y = node.outputs[0]!;
    const zeros = c.emit("Expand", [c.number(0, y.dtype), c.ints(y.shape)], y.shape);
    const at = c.cast(c.get(indices!), "int64");
    c.set(y, c.emit("ScatterND", [zeros, at, c.get(updates!)], y.shape, { reduction: "add" }));
  },
};

/** on where the index is k, else off; an index outside of the depth gives a row of off. */
const oneHotOp: OpDefinition = {
  name: "OneHot",
  lower: (c, node) => {
    const { depth } = node.attributes as { depth: number };
    const [indices, on, off] = node.inputs;
    const y = node.outputs[0]!;
    const column = c.reshape(c.get(indices!), [...indices!.shape, 1]);
    const classes = c.int32s(Int32Array.from({ length: depth }, (_, k) => k));
    const hit = c.emit("Equal", [column, classes], y.shape);
    c.set(y, c.emit("Where", [hit, c.operand(on!), c.operand(off!)], y.shape));
  },
};

const topKOp: OpDefinition = {
  name: "TopK",
  lower: (c, node) => {
    const { k } = node.attributes as { k: number };
    const [values, indices] = node.outputs;
    const [v, i] = c.emitAll("TopK", [c.get(node.inputs[0]!), c.ints([k])], [values!.shape, indices!.shape], {
      axis: -1,
      largest: 1,
      sorted: 1,
    });
    c.set(values!, v!);
    c.set(indices!, c.emit("Cast", [i!], indices!.shape, { to: typeCode("int32") }));
  },
};

/** Refuses indices outside of an axis where they are known already. */
function checkIndices(indices: Value, size: number): void {
  const known = indices.leaf?.stored?.buffer;
  if (!known || known.length > CHECKED_INDICES) return;
  for (const index of known) {
    if (index < 0 || index >= size)
      throw new Error(`GatherV2: the index value ${index} is not in [0, ${size - 1}]`);
  }
}

const CHECKED_INDICES = 10_000;

export const gatherKernels: readonly LoweredKernel[] = [
  kernel("GatherV2", (call) => {
    const x = call.input("x");
    const indices = call.input("indices");
    const axis = util.parseAxisParam(attribute<number>(call, "axis"), [...x.shape])[0]!;
    const batchDims = attribute<number | undefined>(call, "batchDims") ?? 0;
    if (batchDims !== 0 || indices.dtype !== "int32" || sizeOf(x.shape) === 0 || sizeOf(indices.shape) === 0)
      return null;
    checkIndices(indices, x.shape[axis]!);
    const shape = [...x.shape.slice(0, axis), ...indices.shape, ...x.shape.slice(axis + 1)];
    return call.record.op(gatherOp, [x, indices], shape, x.dtype, { axis });
  }),
  kernel("GatherNd", (call) => {
    backend_util.prepareAndValidate(call.tensors.params as never, call.tensors.indices as never);
    const x = call.input("params");
    const indices = call.input("indices");
    if (indices.dtype !== "int32" || sizeOf(x.shape) === 0 || sizeOf(indices.shape) === 0) return null;
    const depth = indices.shape.at(-1)!;
    const shape = [...indices.shape.slice(0, -1), ...x.shape.slice(depth)];
    return call.record.op(gatherNdOp, [x, indices], shape, x.dtype);
  }),
  kernel("UnsortedSegmentSum", (call) => {
    const x = call.input("x");
    const segments = call.input("segmentIds");
    if (x.dtype !== "float32" || segments.dtype !== "int32" || segments.shape.length !== 1) return null;
    const count = attribute<number>(call, "numSegments");
    if (sizeOf(x.shape) === 0 || count === 0) return null;
    return call.record.op(segmentSumOp, [x, segments], [count, ...x.shape.slice(1)], x.dtype);
  }),
  kernel("ScatterNd", (call) => {
    const indices = call.input("indices");
    const updates = call.input("updates");
    const shape = attribute<number[]>(call, "shape");
    const { outputSize, sliceRank } = backend_util.calculateShapes(
      call.tensors.updates as never,
      call.tensors.indices as never,
      shape,
    );
    if (updates.dtype !== "float32" || outputSize === 0 || sizeOf(indices.shape) === 0) return null;
    const rows = sizeOf(indices.shape) / sliceRank;
    const flatIndices = call.record.op(reshapeOp, [indices], [rows, sliceRank], "int32");
    const flatUpdates = call.record.op(
      reshapeOp,
      [updates],
      [rows, ...shape.slice(sliceRank)],
      updates.dtype,
    );
    if (indices.dtype !== "int32" || sizeOf(updates.shape) !== rows * sizeOf(shape.slice(sliceRank)))
      return null;
    return call.record.op(scatterOp, [flatIndices, flatUpdates], shape.slice(), updates.dtype);
  }),
  kernel("OneHot", (call) => {
    const indices = call.input("indices");
    const dtype = attribute<string | undefined>(call, "dtype") ?? "int32";
    if (
      indices.dtype !== "int32" ||
      (dtype !== "int32" && dtype !== "float32") ||
      sizeOf(indices.shape) === 0
    )
      return null;
    const depth = attribute<number>(call, "depth");
    const on = call.record.scalar(attribute<number>(call, "onValue"), dtype);
    const off = call.record.scalar(attribute<number>(call, "offValue"), dtype);
    return call.record.op(oneHotOp, [indices, on, off], [...indices.shape, depth], dtype, { depth });
  }),
  kernel("TopK", (call) => {
    const x = call.input("x");
    const k = attribute<number>(call, "k");
    if (x.dtype !== "float32" || x.shape.length === 0 || k === 0 || sizeOf(x.shape) === 0) return null;
    const shape = [...x.shape.slice(0, -1), k];
    return call.record.ops(
      topKOp,
      [x],
      [
        { shape, dtype: "float32" },
        { shape, dtype: "int32" },
      ],
      { k },
    );
  }),
];
