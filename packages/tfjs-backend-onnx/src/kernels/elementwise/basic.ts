import { util } from "@tensorflow/tfjs-core";
import type { OpDefinition, Value } from "../../graph/operation.ts";
import { type DType, sizeOf } from "../../tensor/shape.ts";
import { reshapeOp } from "../arrangement/reshape.ts";
import { attribute, kernel, type LoweredKernel } from "../kernel.ts";
import { broadcast, elementwise } from "./elementwise.ts";

/** Changes the element type; floats lose their fraction towards zero. */
const castOp = elementwise("Cast", (c, [x], shape, node) => {
  const target = node.outputs[0]!.dtype;
  return c.emit("Cast", [x!], shape, { to: CAST_CODE[target] });
});

const CAST_CODE: Readonly<Record<DType, number>> = { float32: 1, int32: 6, bool: 9 };

/** condition ? t : e, each broadcast to the result. */
const selectOp = elementwise("Select", (c, operands, shape, node) => {
  if (node.outputs[0]!.dtype !== "bool") return c.emit("Where", operands, shape);
  const [condition, t, e] = operands;
  const chosen = c.emit("Where", [condition!, c.cast(t!, "uint8"), c.cast(e!, "uint8")], shape);
  return c.cast(chosen, "bool");
});

/** A tensor of one repeated number, which stays one number until somebody needs all of it. */
const fillOp: OpDefinition = {
  name: "Fill",
  lower: (c, node) => {
    const y = node.outputs[0]!;
    c.setBroadcast(y, c.operand(node.inputs[0]!));
  },
};

/** Repeats a tensor along axes of size 1; the repetition is not made until somebody needs it. */
export const broadcastOp: OpDefinition = {
  name: "BroadcastTo",
  lower: (c, node) => {
    const [x] = node.inputs;
    const [y] = node.outputs;
    if (sizeOf(x!.shape) === sizeOf(y!.shape)) c.set(y!, c.reshape(c.get(x!), y!.shape));
    else c.setBroadcast(y!, c.operand(x!));
  },
};

function filled(name: string, value: number): LoweredKernel {
  return kernel(name, (call) => {
    const { shape, dtype } = call.tensors.x!;
    return fill(call, shape, dtype as DType, value);
  });
}

function fill(
  call: Parameters<LoweredKernel["record"]>[0],
  shape: readonly number[],
  dtype: DType,
  value: number,
): Value {
  if (dtype === "bool") {
    return call.record.op(castOp, [fill(call, shape, "int32", value)], shape.slice(), "bool");
  }
  return call.record.op(fillOp, [call.record.scalar(value, dtype)], shape.slice(), dtype);
}

export const basicKernels: readonly LoweredKernel[] = [
  kernel("Identity", (call) => call.share(call.tensors.x!, call.tensors.x!.shape)),
  kernel("Reshape", (call) => {
    const x = call.tensors.x!;
    const wanted = attribute<readonly number[]>(call, "shape");
    const known = wanted.reduce((size, d) => (d < 0 ? size : size * d), 1);
    const shape = wanted.map((d) => (d < 0 ? sizeOf(x.shape) / known : d));
    return call.share(x, shape);
  }),
  kernel("ExpandDims", (call) => {
    const input = call.tensors.input!;
    const dim = attribute<number>(call, "dim");
    const rank = input.shape.length;
    util.assert(
      -(rank + 1) <= dim && dim <= rank,
      () => `Axis must be in the interval [${-(rank + 1)}, ${rank}]`,
    );
    const shape = input.shape.slice();
    shape.splice(dim < 0 ? input.shape.length + dim + 1 : dim, 0, 1);
    return call.share(input, shape);
  }),
  kernel("Cast", (call) => {
    const dtype = attribute<string>(call, "dtype");
    const x = call.tensors.x!;
    if (dtype === x.dtype) return call.share(x, x.shape);
    if (dtype === "complex64" || dtype === "string") return null;
    return call.record.op(castOp, [call.input("x")], x.shape.slice(), dtype as DType);
  }),
  kernel("Select", (call) => {
    const t = call.input("t");
    const e = call.input("e");
    let condition = call.input("condition");
    if (t.dtype !== e.dtype || condition.dtype !== "bool") return null;
    if (condition.shape.length === 1 && t.shape.length > 1) {
      const rows = [condition.shape[0]!, ...t.shape.slice(1).map(() => 1)];
      condition = call.record.op(reshapeOp, [condition], rows, "bool");
    }
    return call.record.op(selectOp, [condition, t, e], broadcast(t.shape, e.shape), t.dtype);
  }),
  kernel("Fill", (call) => {
    const value = attribute<number | string>(call, "value");
    const dtype = attribute<string | undefined>(call, "dtype") ?? "float32";
    if (typeof value === "string" || (dtype !== "float32" && dtype !== "int32")) return null;
    return fill(call, attribute<readonly number[]>(call, "shape"), dtype, value);
  }),
  filled("ZerosLike", 0),
  filled("OnesLike", 1),
  kernel("BroadcastTo", (call) => {
    const x = call.input("x");
    return call.record.op(broadcastOp, [x], attribute<readonly number[]>(call, "shape").slice(), x.dtype);
  }),
];
