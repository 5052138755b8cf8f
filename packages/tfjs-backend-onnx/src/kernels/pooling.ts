import type { OpDefinition } from "../graph/types.ts";
import { sizeOf } from "../graph/types.ts";
import { nchw } from "../layout/layouts.ts";
import type { Lowering } from "../lower/lowering.ts";
import { type Geometry, isPointwise, onnxWindow, poolingGeometry } from "./conv_geometry.ts";
import { kernel, type LoweredKernel } from "./define.ts";
import { padWindows, tap, untap } from "./taps.ts";

const averageOp: OpDefinition = {
  name: "AvgPool",
  lower: (c, node) => {
    const g = node.attributes as unknown as Geometry;
    const y = node.outputs[0]!;
    const attributes = { ...onnxWindow(g), count_include_pad: 0 };
    c.set(y, c.emit("AveragePool", [c.get(node.inputs[0]!, nchw)], nchw.nominal(y.shape), attributes), nchw);
  },
};

const maximumOp: OpDefinition = {
  name: "MaxPool",
  lower: (c, node) => {
    const g = node.attributes as unknown as Geometry;
    const y = node.outputs[0]!;
    c.set(y, c.emit("MaxPool", [c.get(node.inputs[0]!, nchw)], nchw.nominal(y.shape), onnxWindow(g)), nchw);
  },
};

/** Each output spreads its gradient evenly over the pixels that it averaged. */
const averageGradientOp: OpDefinition = {
  name: "AvgPoolGrad",
  lower: (c, node) => {
    const g = node.attributes as unknown as Geometry;
    const dy = node.inputs[0]!;
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

/** One over the number of pixels that lie inside the image, per window. */
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
    if (g.pads.some((p, i) => p >= g.kernel[i % 2]!)) return null;
    if (isPointwise(g)) return call.backend.share(call.tensors.x!, x.shape);
    return call.record.op(averageOp, [x], g.output, x.dtype, { ...g });
  }),
  kernel("MaxPool", (call) => {
    const x = call.input("x");
    if (x.dtype !== "float32" || sizeOf(x.shape) === 0) return null;
    const g = poolingGeometry(call, x);
    if (g.pads.some((p, i) => p >= g.kernel[i % 2]!)) return null;
    if (isPointwise(g)) return call.backend.share(call.tensors.x!, x.shape);
    return call.record.op(maximumOp, [x], g.output, x.dtype, { ...g });
  }),
  kernel("AvgPoolGrad", (call) => {
    const dy = call.input("dy");
    const x = call.input("input");
    const g = poolingGeometry(call, x);
    return call.record.op(averageGradientOp, [dy], g.input, "float32", { ...g });
  }),
  kernel("MaxPoolGrad", (call) => {
    const dy = call.input("dy");
    const x = call.input("input");
    if (x.dtype !== "float32") return null;
    const g = poolingGeometry(call, x);
    // The kernel is also called with something else as its third input; only the pooled values can be compared.
    const y = call.record.op(maximumOp, [x], g.output, "float32", { ...g });
    return call.record.op(maximumGradientOp, [dy, x, y], g.input, "float32", { ...g });
  }),
];
