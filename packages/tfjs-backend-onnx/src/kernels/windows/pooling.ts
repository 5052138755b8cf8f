import type { Lowering, OpDefinition } from "../../graph/operation.ts";
import type { Attributes } from "../../onnx/emitter.ts";
import { nchw } from "../../tensor/layouts.ts";
import { sizeOf } from "../../tensor/shape.ts";
import { channelView, repeatPixels } from "../channels/channels.ts";
import { halvedInputGradient } from "../convolution/halved-gradient.ts";
import { kernel, type LoweredKernel } from "../kernel.ts";
import { type Geometry, isExact, isPointwise, onnxWindow, poolingGeometry } from "./geometry.ts";
import { padWindows, tap, untap } from "./taps.ts";

const pool = (name: string, op: string, attributes: Attributes): OpDefinition => ({
  name,
  layouts: ({ inputs: [x], outputs: [y] }, votes) => {
    if (!votes.blocked) return;
    votes.want(x!, votes.blocked.activations);
    votes.give(y!, votes.blocked.activations);
  },
  lower: (c, node) => {
    const g = node.attributes as unknown as Geometry;
    const [x] = node.inputs;
    const y = node.outputs[0]!;
    const { layout, domain } = channelView(c, x!.shape);
    if (op === "AveragePool" && domain && isTiling(g) && g.kernel.every((k) => k === 2)) {
      const sums = halvedInputGradient(c, x!);
      if (sums !== null) {
        c.set(y, c.emit("Mul", [sums, c.number(1 / 4, "float32")], c.shapeOf(sums)), layout);
        return;
      }
    }
    const window = { ...onnxWindow(g), ...attributes };
    c.set(y, c.emit(op, [c.get(x!, layout)], nchw.nominal(y.shape), window, domain), layout);
  },
});

const averageOp = pool("AvgPool", "AveragePool", { count_include_pad: 0 });
const maximumOp = pool("MaxPool", "MaxPool", {});

/** Each output spreads its gradient evenly over the pixels that it averaged. */
const averageGradientOp: OpDefinition = {
  name: "AvgPoolGrad",
  layouts: ({ inputs: [dy], outputs: [dx], attributes }, votes) => {
    if (!votes.blocked || !isTiling(attributes as unknown as Geometry)) return;
    votes.want(dy!, votes.blocked.activations);
    votes.give(dx!, votes.blocked.activations);
  },
  lower: (c, node) => {
    const g = node.attributes as unknown as Geometry;
    const dy = node.inputs[0]!;
    const blocked = c.blocked?.activations;
    if (isTiling(g) && blocked?.accepts(dy.shape)) {
      const share = c.number(1 / (g.kernel[0] * g.kernel[1]), "float32");
      const shared = c.emit("Mul", [c.get(dy, blocked), share], blocked.nominal(dy.shape));
      c.set(node.outputs[0]!, repeatPixels(c, shared, g.kernel), blocked);
      return;
    }
    const shared = c.emit(
      "Mul",
      [c.get(dy), c.floats(windowShares(g), [1, g.output[1]!, g.output[2]!, 1])],
      dy.shape,
    );
    c.set(
      node.outputs[0]!,
      sumOfTaps(c, g, () => shared),
    );
  },
};

/** The gradient goes to the first pixel of each window that has the maximum. */
const maximumGradientOp: OpDefinition = {
  name: "MaxPoolGrad",
  lower: (c, node) => {
    const g = node.attributes as unknown as Geometry;
    const [dyValue, x, yValue] = node.inputs;
    const dy = c.get(dyValue!);
    const y = yValue ? c.get(yValue) : c.get(x!);
    const padded = padWindows(c, c.get(x!), g, Number.NEGATIVE_INFINITY);
    const { shape } = dyValue!;
    let open: string | null = null;
    const zero = c.number(0, "float32");
    const gradient = sumOfTaps(c, g, (row, column) => {
      const equal = c.emit("Equal", [tap(c, padded, g, row, column), y], shape);
      const hit = open === null ? equal : c.emit("And", [equal, open], shape);
      const missed = c.emit("Not", [equal], shape);
      open = open === null ? missed : c.emit("And", [open, missed], shape);
      return c.emit("Where", [hit, dy, zero], shape);
    });
    c.set(node.outputs[0]!, gradient);
  },
};

/** Whether padding is smaller than windows, so that each window sees at least one pixel. */
function windowsSeePixels(g: Geometry): boolean {
  return g.pads.every((pad, i) => pad < g.kernel[i % 2]!);
}

/** Whether windows are side by side and cover the picture exactly. */
function isTiling(g: Geometry): boolean {
  return [0, 1].every(
    (axis) =>
      g.strides[axis] === g.kernel[axis] && g.input[axis + 1] === g.output[axis + 1]! * g.kernel[axis]!,
  );
}

/** Adds what each kernel position contributes, put back where it was read. */
function sumOfTaps(c: Lowering, g: Geometry, part: (row: number, column: number) => string): string {
  let sum: string | null = null;
  for (let row = 0; row < g.kernel[0]; row++) {
    for (let column = 0; column < g.kernel[1]; column++) {
      const placed = untap(c, part(row, column), g, row, column);
      sum = sum === null ? placed : c.emit("Add", [sum, placed], g.input);
    }
  }
  return sum!;
}

/** One over the number of pixels inside the image, per window. */
function windowShares(g: Geometry): readonly number[] {
  const counts = (axis: 0 | 1): number[] =>
    Array.from({ length: g.output[axis + 1]! }, (_, o) => {
      const start = o * g.strides[axis] - g.pads[axis]!;
      return Math.min(start + g.kernel[axis], g.input[axis + 1]!) - Math.max(start, 0);
    });
  const columns = counts(1);
  return counts(0).flatMap((rows) => columns.map((width) => 1 / (rows * width)));
}

export const poolingKernels: readonly LoweredKernel[] = [
  kernel("AvgPool", (call) => {
    const x = call.input("x");
    if (x.dtype !== "float32" || sizeOf(x.shape) === 0) return null;
    const g = poolingGeometry(call, x);
    if (!isExact(g) || !windowsSeePixels(g)) return null;
    if (isPointwise(g)) return call.share(call.tensors.x!, x.shape);
    return call.record.op(averageOp, [x], g.output, x.dtype, { ...g });
  }),
  kernel("MaxPool", (call) => {
    const x = call.input("x");
    if (x.dtype !== "float32" || sizeOf(x.shape) === 0) return null;
    const g = poolingGeometry(call, x);
    if (!isExact(g) || !windowsSeePixels(g)) return null;
    if (isPointwise(g)) return call.share(call.tensors.x!, x.shape);
    return call.record.op(maximumOp, [x], g.output, x.dtype, { ...g });
  }),
  kernel("AvgPoolGrad", (call) => {
    const dy = call.input("dy");
    const x = call.input("input");
    const g = poolingGeometry(call, x);
    if (!isExact(g) || !windowsSeePixels(g)) return null;
    return call.record.op(averageGradientOp, [dy], g.input, "float32", { ...g });
  }),
  kernel("MaxPoolGrad", (call) => {
    const dy = call.input("dy");
    const x = call.input("input");
    if (x.dtype !== "float32") return null;
    const g = poolingGeometry(call, x);
    if (!isExact(g) || !windowsSeePixels(g)) return null;
    // The kernel is also called with something else as its third input; only the pooled values can be compared.
    const y = call.record.op(maximumOp, [x], g.output, "float32", { ...g });
    return call.record.op(maximumGradientOp, [dy, x, y], g.input, "float32", { ...g });
  }),
];
