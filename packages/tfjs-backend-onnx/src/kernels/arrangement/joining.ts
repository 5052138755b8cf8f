import { backend_util, type TensorInfo, util } from "@tensorflow/tfjs-core";
import type { Lowering, OpDefinition, Value } from "../../graph/operation.ts";
import { sameShape, sizeOf } from "../../tensor/shape.ts";
import { isBlocked, padPixels } from "../channels/pixels.ts";
import { broadcastOp } from "../elementwise/basic.ts";
import { attribute, type KernelCall, kernel, type LoweredKernel } from "../kernel.ts";
import { reshaped } from "./reshape.ts";

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

/** Whether some of these values are stored in blocks of channels and all of them can be. */
function canStayBlocked(c: Lowering, values: readonly Value[]): boolean {
  const blocked = c.blocked?.activations;
  if (!blocked || !values.every((x) => x.dtype === "float32" && blocked.accepts(x.shape))) return false;
  return values.some((x) => x.node !== null && c.has(x, blocked));
}

const padOp: OpDefinition = {
  name: "Pad",
  lower: (c, node) => {
    const { paddings, mode } = node.attributes as { paddings: [number, number][]; mode: string };
    const [x, value] = node.inputs;
    const y = node.outputs[0]!;
    const blocked = c.blocked?.activations;
    const inner = paddings.every(([before, after], i) => i === 1 || i === 2 || before + after === 0);
    if (blocked && mode === "constant" && inner && isBlocked(c, x!)) {
      const [, [top, bottom], [left, right]] = paddings as [unknown, [number, number], [number, number]];
      c.set(y, padPixels(c, c.get(x!, blocked), [top, left, bottom, right], c.operand(value!)), blocked);
      return;
    }
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

/** Records padding. */
export const padded = (
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

/** Kernels that make larger tensors of smaller ones. */
export const joiningKernels: readonly LoweredKernel[] = [
  kernel("Concat", (call) => {
    const all = Object.values(call.tensors) as TensorInfo[];
    if (new Set(all.map(({ dtype }) => dtype)).size > 1) return null;
    const axis = util.parseAxisParam(attribute<number>(call, "axis"), all[0]!.shape)[0]!;
    backend_util.assertParamsConsistent(
      all.map(({ shape }) => shape),
      axis,
    );
    const inputs = all.filter(({ shape }) => sizeOf(shape) > 0).map((info) => call.recorded(info));
    if (inputs.length === 0) return null;
    const shape = backend_util.computeOutShape(
      inputs.map((x) => [...x.shape]),
      axis,
    );
    return inputs.length === 1
      ? inputs[0]!
      : call.record.op(concatOp, inputs, shape, inputs[0]!.dtype, { axis });
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
    const expanded = inputs.map((x) => reshaped(call.record, x, one));
    return expanded.length === 1
      ? expanded[0]!
      : call.record.op(concatOp, expanded, shape, inputs[0]!.dtype, { axis });
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
    if (paddings.every(([a, b]) => a === 0 && b === 0)) return call.share(call.tensors.x!, x.shape);
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
];
