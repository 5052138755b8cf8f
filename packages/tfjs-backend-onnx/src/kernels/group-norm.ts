import type { OpDefinition, OpNode, Shape, Value } from "../graph/types.ts";
import type { LayoutVotes } from "../layout/assign.ts";
import type { Lowering } from "../lower/lowering.ts";
import {
  type ChannelView,
  channelAffine,
  channelMeans,
  channelView,
  constantPerChannel,
} from "./channel-affine.ts";
import { attribute, type KernelCall, kernel, type LoweredKernel } from "./define.ts";

interface Norm {
  readonly groups: number;
  readonly eps: number;
  readonly activation: "linear" | "silu";
}

/** Small arithmetic on [B, G, C / G] and its broadcasts. */
interface Small {
  readonly batch: number;
  readonly groups: number;
  readonly width: number;
  op(op: string, ...operands: string[]): string;
  /** Mean over the channels of a group: [B, G, 1]. */
  groupMean(x: string): string;
  /** [1 or B, 1, 1, C] as [1 or B, G, C / G]. */
  parameter(value: Value): string;
  all(x: string): string;
}

function small(c: Lowering, [b, , , channels]: Shape, groups: number): Small {
  const batch = b!;
  const width = channels! / groups;
  const full = [batch, groups, width];
  const shapeOf = (operands: readonly string[]): Shape => {
    const shapes = operands.map(c.shapeOf);
    return full.map((_, axis) => Math.max(...shapes.map((shape) => shape.at(axis - 3) ?? 1)));
  };
  return {
    batch,
    groups,
    width,
    op: (op, ...operands) => c.emit(op, operands, shapeOf(operands)),
    groupMean: (x) =>
      width === 1
        ? c.reshape(x, [batch, groups, 1])
        : c.emit("ReduceMean", [c.reshape(x, full), c.ints([2])], [batch, groups, 1], { keepdims: 1 }),
    parameter: (value) => c.reshape(c.get(value), [value.shape[0]!, groups, width]),
    all: (x) => c.reshape(x, full),
  };
}

/** Everything per channel that both directions need: y = x * gain + level before the activation. */
function affineOf(
  s: Small,
  mean: string,
  rstd: string,
  scale: Value,
  shift: Value,
): { gain: string; level: string } {
  const gain = s.op("Mul", rstd, s.parameter(scale));
  return { gain, level: s.op("Sub", s.parameter(shift), s.op("Mul", mean, gain)) };
}

/**
 * (x - mean) / sqrt(variance + eps) * scale + shift over each group of channels, then SiLU if asked for.
 * Outputs y, and mean and 1 / deviation [B, groups].
 */
const groupNormOp: OpDefinition = {
  name: "GroupNorm",
  layouts: (node, votes) => inBlocks(votes, [node.inputs[0]!], node.outputs[0]!),
  lower: (c, node) => {
    const { groups, eps, activation } = node.attributes as unknown as Norm;
    const [x, scale, shift] = node.inputs as [Value, Value, Value];
    const [y, meanOut, rstdOut] = node.outputs as [Value, Value, Value];
    const view = channelView(c, x.shape);
    const input = c.reshape(c.get(x, view.layout), view.shape);
    const s = small(c, x.shape, groups);
    const mean = s.groupMean(channelMeans(c, input, view));
    const squares = s.groupMean(channelMeans(c, c.emit("Mul", [input, input], view.shape), view));
    const variance = s.op("Max", s.op("Sub", squares, s.op("Mul", mean, mean)), c.number(0, "float32"));
    const rstd = s.op("Reciprocal", s.op("Sqrt", s.op("Add", variance, c.number(eps, "float32"))));
    const { gain, level } = affineOf(s, mean, rstd, scale, shift);
    const z = channelAffine(c, input, view, gain, level);
    if (activation === "silu") {
      const sigmoid = c.emit("Sigmoid", [z], view.shape);
      const result = c.emit("Mul", [z, sigmoid], view.shape);
      c.remember(siluKey(node.inputs, node.attributes), [sigmoid, result]);
      c.set(y, result, view.layout);
    } else {
      c.set(y, z, view.layout);
    }
    c.set(meanOut, c.reshape(mean, meanOut.shape));
    c.set(rstdOut, c.reshape(rstd, rstdOut.shape));
  },
};

/** Gradients of x, scale and shift from dy, x, scale, shift, mean and 1 / deviation. */
const groupNormGradientOp: OpDefinition = {
  name: "GroupNormGrad",
  layouts: (node, votes) => inBlocks(votes, [node.inputs[0]!, node.inputs[1]!], node.outputs[0]!),
  lower: (c, node) => {
    const { groups, activation } = node.attributes as unknown as Norm;
    const [dy, x, scale, shift, meanIn, rstdIn] = node.inputs as [Value, Value, Value, Value, Value, Value];
    const [dx, dscale, dshift] = node.outputs as [Value, Value, Value];
    const view = channelView(c, x.shape);
    const input = c.reshape(c.get(x, view.layout), view.shape);
    const s = small(c, x.shape, groups);
    const statistic = (value: Value): string => c.reshape(c.get(value), [s.batch, groups, 1]);
    const mean = statistic(meanIn);
    const rstd = statistic(rstdIn);
    const { gain, level } = affineOf(s, mean, rstd, scale, shift);
    let dz = c.reshape(c.get(dy, view.layout), view.shape);
    if (activation === "silu") {
      const slope = siluSlope(
        c,
        view,
        c.recall(siluKey([x, scale, shift], node.attributes)) ?? siluAgain(c, input, view, gain, level),
      );
      dz = c.emit("Mul", [dz, slope], view.shape);
    }
    // Per channel: the mean of dz, and the mean of dz times the normalised x.
    const first = s.all(channelMeans(c, dz, view));
    const product = s.all(channelMeans(c, c.emit("Mul", [dz, input], view.shape), view));
    const second = s.op("Mul", s.op("Sub", product, s.op("Mul", mean, first)), rstd);
    const weight = s.parameter(scale);
    const firstOfGroup = s.groupMean(s.op("Mul", weight, first));
    const secondOfGroup = s.groupMean(s.op("Mul", weight, second));
    // dx = rstd (scale dz - firstOfGroup - normalised x * secondOfGroup), as two multiples and a number per channel.
    const ofX = s.op("Neg", s.op("Mul", s.op("Mul", rstd, rstd), secondOfGroup));
    const constant = s.op("Neg", s.op("Add", s.op("Mul", rstd, firstOfGroup), s.op("Mul", mean, ofX)));
    const spread = (perGroup: string): string =>
      s.width === 1
        ? perGroup
        : c.emit("Expand", [perGroup, c.ints([s.batch, groups, s.width])], [s.batch, groups, s.width]);
    const fromX = channelAffine(c, input, view, spread(ofX), spread(constant));
    const none = constantPerChannel(c, view, 0);
    c.set(dx, channelAffine(c, dz, view, gain, none, fromX), view.layout);
    setParameterGradient(c, s, dscale, second, x.shape);
    setParameterGradient(c, s, dshift, first, x.shape);
  },
};

const siluKey = (inputs: readonly Value[], { groups, eps }: OpNode["attributes"]): string =>
  `group norm ${inputs.map((value) => value.code)} ${groups} ${eps}`;

function siluAgain(
  c: Lowering,
  x: string,
  view: ChannelView,
  gain: string,
  level: string,
): readonly string[] {
  const z = channelAffine(c, x, view, gain, level);
  const sigmoid = c.emit("Sigmoid", [z], view.shape);
  return [sigmoid, c.emit("Mul", [z, sigmoid], view.shape)];
}

/** s + y (1 - s) for s = sigmoid(z) and y = z s. */
function siluSlope(c: Lowering, view: ChannelView, [sigmoid, y]: readonly string[]): string {
  const rest = c.emit("Sub", [y!, c.emit("Mul", [y!, sigmoid!], view.shape)], view.shape);
  return c.emit("Add", [sigmoid!, rest], view.shape);
}

/** Sums over pixels, and over pictures where all of them share the parameter. */
function setParameterGradient(c: Lowering, s: Small, gradient: Value, means: string, [, h, w]: Shape): void {
  const sums = c.emit("Mul", [means, c.number(h! * w!, "float32")], c.shapeOf(means));
  const shared = gradient.shape[0] === 1 && s.batch > 1;
  const total = shared
    ? c.emit("ReduceSum", [sums, c.ints([0])], [1, s.groups, s.width], { keepdims: 1 })
    : sums;
  c.set(gradient, c.reshape(total, gradient.shape));
}

function inBlocks(votes: LayoutVotes, inputs: readonly Value[], output: Value): void {
  if (!votes.blocked) return;
  for (const input of inputs) votes.want(input, votes.blocked.activations);
  votes.give(output, votes.blocked.activations);
}

function normOf(call: KernelCall): Norm {
  return {
    groups: attribute<number>(call, "groups"),
    eps: attribute<number>(call, "eps"),
    activation: attribute<Norm["activation"]>(call, "activation"),
  };
}

/** The fused kernels, which other packages call by name where a backend has them. */
export const groupNormKernels: readonly LoweredKernel[] = [
  kernel("GroupNorm", (call) => {
    const [x, scale, shift] = ["x", "scale", "shift"].map(call.input) as [Value, Value, Value];
    const attributes = normOf(call);
    const statistics = { shape: [x.shape[0]!, attributes.groups], dtype: "float32" } as const;
    const outputs = [{ shape: x.shape, dtype: "float32" } as const, statistics, statistics];
    return call.record.ops(groupNormOp, [x, scale, shift], outputs, { ...attributes });
  }),
  kernel("GroupNormGrad", (call) => {
    const names = ["dy", "x", "scale", "shift", "mean", "rstd"];
    const inputs = names.map(call.input);
    const outputs = inputs.slice(1, 4).map(({ shape }) => ({ shape, dtype: "float32" }) as const);
    return call.record.ops(groupNormGradientOp, inputs, outputs, { ...normOf(call) });
  }),
];
