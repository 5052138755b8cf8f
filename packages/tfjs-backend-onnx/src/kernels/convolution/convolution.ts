import type { LayoutVotes, Lowering, OpDefinition, OpNode, Value } from "../../graph/operation.ts";
import { nchw, oihw } from "../../tensor/layouts.ts";
import { type Shape, sameShape, sizeOf } from "../../tensor/shape.ts";
import { channelsFirst, channelsLast } from "../arrangement/permute.ts";
import { type Activation, activate, canActivate } from "../elementwise/activation.ts";
import { attribute, type KernelCall, kernel, type LoweredKernel } from "../kernel.ts";
import { convolutionGeometry, type Geometry, isExact, isPointwise, onnxWindow } from "../windows/geometry.ts";
import { padWindows, tap } from "../windows/taps.ts";
import {
  backwardGeometry,
  blockedConvolution,
  canBlock,
  flippedFilter,
  recordedFilter,
  setBlocked,
} from "./blocked-convolution.ts";
import { blockedFilterGradient, filterContraction, setFilterGradient } from "./blocked-filter-gradient.ts";
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

/** Activations are stored in blocks of channels, filters in blocks of both. */
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

/**
 * ConvTranspose with exactly the input's size as its output. What it cannot pad by itself (rows and columns that no window
 * saw, which it only adds up to a stride or a dilation) is padded or cropped afterwards.
 */
export function transposedConvolution(
  c: Lowering,
  dy: string,
  filter: string,
  g: Geometry,
  group: number,
): string {
  const axes = [0, 1] as const;
  const covered = axes.map(
    (axis) => (g.output[axis + 1]! - 1) * g.strides[axis] + (g.kernel[axis] - 1) * g.dilations[axis] + 1,
  );
  const missing = axes.map(
    (axis) => g.input[axis + 1]! - (covered[axis]! - g.pads[axis] - g.pads[axis + 2]!),
  );
  const attributes = { ...onnxWindow(g), dilations: g.dilations, group };
  const padsItself = axes.every(
    (axis) => missing[axis]! >= 0 && missing[axis]! < Math.max(g.strides[axis], g.dilations[axis]),
  );
  if (padsItself)
    return c.emit("ConvTranspose", [dy, filter], nchw.nominal(g.input), {
      ...attributes,
      output_padding: missing,
    });
  const [b, h, w, channels] = g.input as [number, number, number, number];
  const whole = c.emit("ConvTranspose", [dy, filter], [b, channels, covered[0]!, covered[1]!], {
    ...attributes,
    pads: [0, 0, 0, 0],
  });
  const [top, left] = g.pads;
  const pads = [0, 0, -top, -left, 0, 0, h - covered[0]! + top, w - covered[1]! + left];
  return c.emit("Pad", [whole, c.ints(pads)], [b, channels, h, w]);
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
    const contraction = filterContraction(c, g);
    if (contraction) {
      blockedFilterGradient(c, x!, dy!, dw, g, contraction);
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
  const shape = isNchw(call) ? toNhwc(given.shape) : given.shape;
  const g = convolutionGeometry(call, shape, filter.shape, false);
  if (filter.shape[2] !== shape[3] || !isExact(g)) return null;
  if ((bias && sizeOf(bias.shape) !== g.output[3]) || (prelu && sizeOf(prelu.shape) !== g.output[3]))
    return null;
  const x = isNchw(call) ? channelsLast(call.record, given) : given;
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
    const shape = attribute<Shape>(call, "inputShape");
    const g = convolutionGeometry(call, isNchw(call) ? toNhwc(shape) : shape, filter.shape, false);
    if (!sameShape(isNchw(call) ? toNhwc(given.shape) : given.shape, g.output) || !isExact(g)) return null;
    const dy = isNchw(call) ? channelsLast(call.record, given) : given;
    const dx = call.record.op(inputGradientOp, [dy, filter], g.input, "float32", { ...g, extras: [] });
    return isNchw(call) ? channelsFirst(call.record, dx) : dx;
  }),
  kernel("Conv2DBackpropFilter", (call) => {
    const givenX = call.input("x");
    const givenDy = call.input("dy");
    if (!allFloat(givenX, givenDy)) return null;
    const filterShape = attribute<Shape>(call, "filterShape");
    const shape = isNchw(call) ? toNhwc(givenX.shape) : givenX.shape;
    const g = convolutionGeometry(call, shape, filterShape, false);
    if (!isExact(g)) return null;
    const [x, dy] = isNchw(call)
      ? [channelsLast(call.record, givenX), channelsLast(call.record, givenDy)]
      : [givenX, givenDy];
    return call.record.op(filterGradientOp, [x, dy], filterShape.slice(), "float32", { ...g });
  }),
];
