import type { OpDefinition, OpNode, Shape, Value } from "../graph/types.ts";
import { sameShape, sizeOf } from "../graph/types.ts";
import type { LayoutVotes } from "../layout/assign.ts";
import { nchw, oihw } from "../layout/layouts.ts";
import type { Lowering } from "../lower/lowering.ts";
import { type Activation, activate, canActivate } from "./activation.ts";
import {
  backwardGeometry,
  blockedConvolution,
  canBlock,
  flippedFilter,
  recordedFilter,
  setBlocked,
} from "./blocked-convolution.ts";
import {
  blockedFilterGradient,
  canBlockFilterGradient,
  setFilterGradient,
} from "./blocked-filter-gradient.ts";
import { convolutionGeometry, type Geometry, isPointwise, onnxWindow } from "./conv-geometry.ts";
import { attribute, type KernelCall, kernel, type LoweredKernel } from "./define.ts";
import { channelsFirst, channelsLast } from "./permute.ts";
import { padWindows, tap } from "./taps.ts";
import {
  canContractSmall,
  doubledConvolution,
  doubledFilterGradient,
  doubledFrom,
  suitsDoubling,
} from "./upsampled-convolution.ts";

interface Convolution extends Geometry {
  readonly activation: Activation;
  readonly alpha: number;
  /** What follows input and filter among the inputs. */
  readonly extras: readonly Extra[];
}

/** Optional inputs of a convolution: a number per output channel, slopes of a prelu, a tensor that is added. */
type Extra = "bias" | "prelu" | "sum";

function extra(node: OpNode, which: Extra): Value | undefined {
  const at = (node.attributes as unknown as Convolution).extras.indexOf(which);
  return at < 0 ? undefined : node.inputs[2 + at];
}

/** y = conv(x, filter) [+ bias] [+ sum], activated. */
export const convolutionOp: OpDefinition = {
  name: "Conv2D",
  layouts: (node, votes) => votesFor(votes, node),
  lower: (c, node) => {
    const g = node.attributes as unknown as Convolution;
    const [x, filter] = node.inputs;
    const [bias, prelu, sum] = (["bias", "prelu", "sum"] as const).map((which) => extra(node, which));
    const y = node.outputs[0]!;
    const small = doubledFrom(x!);
    if (small && c.isDeferred(x!) && g.activation === "linear" && !sum && suitsDoubling(c, g)) {
      c.set(y, doubledConvolution(c, small, filter!, bias && c.get(bias)), c.blocked!.activations);
      return;
    }
    if (g.activation === "linear" && canBlock(c, x!, y.shape[3]!)) {
      setBlocked(
        c,
        y,
        blockedConvolution(c, x!, recordedFilter(c, filter!), g, { bias: bias && c.get(bias), sum }),
      );
      return;
    }
    const inputs = [c.get(x!, nchw), c.get(filter!, oihw)];
    if (bias) inputs.push(c.reshape(c.get(bias), [y.shape[3]!]));
    const shape = nchw.nominal(y.shape);
    let result = c.emit("Conv", inputs, shape, { ...onnxWindow(g), dilations: g.dilations });
    if (sum) result = c.emit("Add", [result, c.get(sum, nchw)], shape);
    const weights = prelu && c.reshape(c.get(prelu), [sizeOf(prelu.shape), 1, 1]);
    c.set(y, activate(c, g.activation, result, g.alpha, weights), nchw);
  },
};

/** The gradient with respect to the input, which is also the transposed convolution. */
export const inputGradientOp: OpDefinition = {
  name: "Conv2DBackpropInput",
  layouts: (node, votes) => votesFor(votes, node),
  lower: (c, node) => {
    const g = node.attributes as unknown as Convolution;
    const [dy, filter] = node.inputs;
    const sum = extra(node, "sum");
    const dx = node.outputs[0]!;
    const back = backwardGeometry(g);
    const spread = g.strides.every((s) => s === 1) ? undefined : g.strides;
    if (back && canBlock(c, dy!, dx.shape[3]!) && (!spread || dy!.shape[3]! >= c.blocked!.block)) {
      const lower = (): void =>
        setBlocked(c, dx, blockedConvolution(c, dy!, flippedFilter(c, filter!), back, { sum, spread }));
      if (!sum && suitsDoubling(c, g)) c.defer(dx, lower);
      else lower();
      return;
    }
    const result = transposedConvolution(c, c.get(dy!, nchw), c.get(filter!, oihw), g, 1);
    c.set(dx, sum ? c.emit("Add", [result, c.get(sum, nchw)], c.shapeOf(result)) : result, nchw);
  },
};

/** Activations lie in blocks of channels, filters in blocks of both. */
function votesFor(votes: LayoutVotes, node: OpNode): void {
  const { blocked } = votes;
  const [x, filter] = node.inputs as [Value, Value];
  const activations = [x, extra(node, "sum")].filter((value) => value !== undefined);
  for (const value of activations) votes.want(value, blocked?.activations ?? nchw);
  votes.give(node.outputs[0]!, blocked?.activations ?? nchw);
  if (!blocked) votes.want(filter, oihw);
  else votes.want(filter, filter.shape[2]! < blocked.block ? blocked.firstFilter : blocked.filter);
}

function withExtra(node: OpNode, which: Extra, value: Value, result: Value): OpNode {
  const extras = [...(node.attributes as unknown as Convolution).extras, which];
  return {
    ...node,
    attributes: { ...node.attributes, extras },
    inputs: [...node.inputs, value],
    outputs: [result],
  };
}

/** Takes a bias or a residual sum into a convolution; see `absorbAdditions`. */
export function convolutionWithAddition(node: OpNode, addend: Value, result: Value): OpNode | null {
  const { activation, extras } = node.attributes as unknown as Convolution;
  const y = node.outputs[0]!;
  if (activation !== "linear" || extras.includes("sum") || !sameShape(y.shape, result.shape)) return null;
  const channels = y.shape[3]!;
  const isVector = addend.shape.at(-1) === channels && sizeOf(addend.shape) === channels;
  if (isVector && extras.length === 0) return withExtra(node, "bias", addend, result);
  return sameShape(addend.shape, y.shape) ? withExtra(node, "sum", addend, result) : null;
}

/** Takes another gradient of the same tensor into the convolution that makes one. */
export function inputGradientWithAddition(node: OpNode, addend: Value, result: Value): OpNode | null {
  const { extras } = node.attributes as unknown as Convolution;
  if (extras.length > 0 || !sameShape(addend.shape, node.outputs[0]!.shape)) return null;
  return withExtra(node, "sum", addend, result);
}

/** ConvTranspose with exactly the input's size as its output. */
export function transposedConvolution(
  c: Lowering,
  dy: string,
  filter: string,
  g: Geometry,
  group: number,
): string {
  const missing = [0, 1].map((axis) => {
    const covered =
      (g.output[axis + 1]! - 1) * g.strides[axis]! + (g.kernel[axis]! - 1) * g.dilations[axis]! + 1;
    return g.input[axis + 1]! - (covered - g.pads[axis]! - g.pads[axis + 2]!);
  });
  return c.emit("ConvTranspose", [dy, filter], nchw.nominal(g.input), {
    ...onnxWindow(g),
    dilations: g.dilations,
    output_padding: missing,
    group,
  });
}

/** The gradient with respect to the filter: one contraction in blocks, or one matrix product per kernel position. */
const filterGradientOp: OpDefinition = {
  name: "Conv2DBackpropFilter",
  layouts: ({ inputs: [, dy], outputs: [dw] }, votes) => {
    const { blocked } = votes;
    if (!blocked) return;
    votes.want(dy!, blocked.activations);
    votes.give(dw!, dw!.shape[2]! < blocked.block ? blocked.firstFilter : blocked.filter);
  },
  lower: (c, node) => {
    const g = node.attributes as unknown as Geometry;
    const [x, dy] = node.inputs;
    const dw = node.outputs[0]!;
    const small = doubledFrom(x!);
    if (small && c.isDeferred(x!) && suitsDoubling(c, g) && canContractSmall(c, small)) {
      setFilterGradient(c, dw, doubledFilterGradient(c, small, dy!));
      return;
    }
    if (canBlockFilterGradient(c, g)) {
      blockedFilterGradient(c, x!, dy!, dw, g);
      return;
    }
    c.set(dw, c.reshape(filterGradientByProducts(c, x!, dy!, g), dw.shape));
  },
};

function filterGradientByProducts(c: Lowering, x: Value, dy: Value, g: Geometry): string {
  const channelsIn = g.input[3]!;
  const channelsOut = g.output[3]!;
  const pixels = sizeOf(g.output) / channelsOut;
  const right = c.reshape(c.get(dy), [pixels, channelsOut]);
  const product = (seen: string): string =>
    c.emit("Gemm", [c.reshape(seen, [pixels, channelsIn]), right], [channelsIn, channelsOut], {
      transA: 1,
      transB: 0,
    });
  if (isPointwise(g)) return product(c.get(x));
  const padded = padWindows(c, c.get(x), g, 0);
  const products: string[] = [];
  for (let row = 0; row < g.kernel[0]; row++) {
    for (let column = 0; column < g.kernel[1]; column++)
      products.push(product(tap(c, padded, g, row, column)));
  }
  return c.emit("Concat", products, [products.length * channelsIn, channelsOut], { axis: 0 });
}

function allFloat(...values: readonly Value[]): boolean {
  return values.every((value) => value.dtype === "float32" && sizeOf(value.shape) > 0);
}

const isNchw = (call: KernelCall): boolean => attribute<string | undefined>(call, "dataFormat") === "NCHW";

function forward(call: KernelCall, bias: Value | null, prelu: Value | null): Value | null {
  const filter = call.input("filter");
  const given = call.input("x");
  const activation = attribute<Activation | undefined>(call, "activation") ?? "linear";
  if (!allFloat(given, filter) || !canActivate(activation) || (prelu && !bias)) return null;
  const x = isNchw(call) ? channelsLast(call.record, given) : given;
  const g = convolutionGeometry(call, x.shape, filter.shape, false);
  if (filter.shape[2] !== x.shape[3]) return null;
  if ((bias && sizeOf(bias.shape) !== g.output[3]) || (prelu && sizeOf(prelu.shape) !== g.output[3]))
    return null;
  const alpha = attribute<number | undefined>(call, "leakyreluAlpha") ?? 0.2;
  const inputs = [x, filter, ...(bias ? [bias] : []), ...(prelu ? [prelu] : [])];
  const extras: Extra[] = [...(bias ? (["bias"] as const) : []), ...(prelu ? (["prelu"] as const) : [])];
  const y = call.record.op(convolutionOp, inputs, g.output, "float32", { ...g, activation, alpha, extras });
  return isNchw(call) ? channelsFirst(call.record, y) : y;
}

const toNhwc = ([b, c, h, w]: Shape): Shape => [b!, h!, w!, c!];

export const convolutionKernels: readonly LoweredKernel[] = [
  kernel("Conv2D", (call) => forward(call, null, null)),
  kernel("FusedConv2D", (call) =>
    forward(
      call,
      call.has("bias") ? call.input("bias") : null,
      call.has("preluActivationWeights") ? call.input("preluActivationWeights") : null,
    ),
  ),
  kernel("Conv2DBackpropInput", (call) => {
    const given = call.input("dy");
    const filter = call.input("filter");
    if (!allFloat(given, filter)) return null;
    const dy = isNchw(call) ? channelsLast(call.record, given) : given;
    const shape = attribute<Shape>(call, "inputShape");
    const g = convolutionGeometry(call, isNchw(call) ? toNhwc(shape) : shape, filter.shape, false);
    if (!sameShape(dy.shape, g.output)) return null;
    const dx = call.record.op(inputGradientOp, [dy, filter], g.input, "float32", { ...g, extras: [] });
    return isNchw(call) ? channelsFirst(call.record, dx) : dx;
  }),
  kernel("Conv2DBackpropFilter", (call) => {
    const givenX = call.input("x");
    const givenDy = call.input("dy");
    if (!allFloat(givenX, givenDy)) return null;
    const [x, dy] = isNchw(call)
      ? [channelsLast(call.record, givenX), channelsLast(call.record, givenDy)]
      : [givenX, givenDy];
    const filterShape = attribute<Shape>(call, "filterShape");
    const g = convolutionGeometry(call, x.shape, filterShape, false);
    return call.record.op(filterGradientOp, [x, dy], filterShape.slice(), "float32", { ...g });
  }),
];
