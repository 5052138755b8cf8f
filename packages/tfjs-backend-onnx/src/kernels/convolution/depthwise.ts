import type { Lowering, OpDefinition, Value } from "../../graph/operation.ts";
import { nchw } from "../../tensor/layouts.ts";
import { type Shape, sizeOf } from "../../tensor/shape.ts";
import { type Activation, activate, canActivate } from "../elementwise/activation.ts";
import { attribute, type KernelCall, kernel, type LoweredKernel } from "../kernel.ts";
import { convolutionGeometry, type Geometry, isExact, onnxWindow } from "../windows/geometry.ts";
import { padWindows, tap } from "../windows/taps.ts";
import { transposedConvolution } from "./convolution.ts";

interface Depthwise extends Geometry {
  readonly activation: Activation;
  readonly alpha: number;
}

/** The filter [KH, KW, C, M] as ONNX has it for C groups: [C * M, 1, KH, KW]. */
function groupedFilter(c: Lowering, filter: Value): string {
  const [kh, kw, channels, multiplier] = filter.shape as [number, number, number, number];
  return c.reshape(c.transpose(c.get(filter), [2, 3, 0, 1]), [channels * multiplier, 1, kh, kw]);
}

const depthwiseOp: OpDefinition = {
  name: "DepthwiseConv2dNative",
  lower: (c, node) => {
    const g = node.attributes as unknown as Depthwise;
    const [x, filter, bias, prelu] = node.inputs;
    const y = node.outputs[0]!;
    const inputs = [c.get(x!, nchw), groupedFilter(c, filter!)];
    if (bias) inputs.push(c.reshape(c.get(bias), [y.shape[3]!]));
    const attributes = { ...onnxWindow(g), dilations: g.dilations, group: g.input[3]! };
    const result = c.emit("Conv", inputs, nchw.nominal(y.shape), attributes);
    const weights = prelu && c.reshape(c.get(prelu), [sizeOf(prelu.shape), 1, 1]);
    c.set(y, activate(c, g.activation, result, g.alpha, weights), nchw);
  },
};

const inputGradientOp: OpDefinition = {
  name: "DepthwiseConv2dNativeBackpropInput",
  lower: (c, node) => {
    const g = node.attributes as unknown as Geometry;
    const [dy, filter] = node.inputs;
    const dx = transposedConvolution(c, c.get(dy!, nchw), groupedFilter(c, filter!), g, g.input[3]!);
    c.set(node.outputs[0]!, dx, nchw);
  },
};

/** Per kernel position, the sum over all pixels of what it saw times dy. */
const filterGradientOp: OpDefinition = {
  name: "DepthwiseConv2dNativeBackpropFilter",
  lower: (c, node) => {
    const g = node.attributes as unknown as Geometry;
    const [x, dy] = node.inputs;
    const dw = node.outputs[0]!;
    const channels = g.input[3]!;
    const multiplier = g.output[3]! / channels;
    const [b, oh, ow] = g.output as [number, number, number, number];
    const shape = [b, oh, ow, channels, multiplier];
    const right = c.reshape(c.get(dy!), shape);
    const padded = padWindows(c, c.get(x!), g, 0);
    const sums: string[] = [];
    for (let row = 0; row < g.kernel[0]; row++) {
      for (let column = 0; column < g.kernel[1]; column++) {
        const seen = c.reshape(tap(c, padded, g, row, column), [b, oh, ow, channels, 1]);
        const product = c.emit("Mul", [seen, right], shape);
        sums.push(
          c.emit("ReduceSum", [product, c.ints([0, 1, 2])], [1, channels, multiplier], { keepdims: 0 }),
        );
      }
    }
    const flat = sums.map((sum) => c.reshape(sum, [1, channels * multiplier]));
    c.set(dw, c.reshape(c.emit("Concat", flat, [sums.length, channels * multiplier], { axis: 0 }), dw.shape));
  },
};

function forward(call: KernelCall, bias: Value | null, prelu: Value | null): Value | null {
  const x = call.input("x");
  const filter = call.input("filter");
  const activation = attribute<Activation | undefined>(call, "activation") ?? "linear";
  if (x.dtype !== "float32" || filter.dtype !== "float32" || !canActivate(activation) || (prelu && !bias))
    return null;
  if (sizeOf(x.shape) === 0 || attribute<string | undefined>(call, "dataFormat") === "NCHW") return null;
  const g = convolutionGeometry(call, x.shape, filter.shape, true);
  if (!isExact(g)) return null;
  if ((bias && sizeOf(bias.shape) !== g.output[3]) || (prelu && sizeOf(prelu.shape) !== g.output[3]))
    return null;
  const alpha = attribute<number | undefined>(call, "leakyreluAlpha") ?? 0.2;
  const inputs = [x, filter, ...(bias ? [bias] : []), ...(prelu ? [prelu] : [])];
  return call.record.op(depthwiseOp, inputs, g.output, "float32", { ...g, activation, alpha });
}

export const depthwiseKernels: readonly LoweredKernel[] = [
  kernel("DepthwiseConv2dNative", (call) => forward(call, null, null)),
  kernel("FusedDepthwiseConv2D", (call) =>
    forward(
      call,
      call.has("bias") ? call.input("bias") : null,
      call.has("preluActivationWeights") ? call.input("preluActivationWeights") : null,
    ),
  ),
  kernel("DepthwiseConv2dNativeBackpropInput", (call) => {
    const dy = call.input("dy");
    const filter = call.input("filter");
    const g = convolutionGeometry(call, attribute<Shape>(call, "inputShape"), filter.shape, true);
    if (!isExact(g)) return null;
    return call.record.op(inputGradientOp, [dy, filter], g.input, "float32", { ...g });
  }),
  kernel("DepthwiseConv2dNativeBackpropFilter", (call) => {
    const x = call.input("x");
    const dy = call.input("dy");
    const filterShape = attribute<Shape>(call, "filterShape");
    const g = convolutionGeometry(call, x.shape, filterShape, true);
    if (!isExact(g)) return null;
    return call.record.op(filterGradientOp, [x, dy], filterShape.slice(), "float32", { ...g });
  }),
];
