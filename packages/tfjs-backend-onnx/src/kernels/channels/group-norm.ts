import { GROUP_NORM, GROUP_NORM_GRAD } from "@ddpm/tfjs-kernels";
import type { GroupNormAttributes } from "@ddpm/tfjs-kernels/authoring";
import type { LayoutVotes, Lowering, OpDefinition, OpNode, Value } from "../../graph/operation.ts";
import type { Shape } from "../../tensor/shape.ts";
import { attribute, type KernelCall, kernel, type LoweredKernel } from "../kernel.ts";
import {
  type ChannelView,
  channelAffine,
  channelMeans,
  channelView,
  constantPerChannel,
} from "./channels.ts";

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

/** Everything per channel that both directions need: y = centred x * gain + level before the activation. */
function affineOf(
  c: Lowering,
  s: Small,
  rstd: string,
  scale: Value,
  shift: Value,
): { gain: string; level: string } {
  const { batch, groups, width } = s;
  const level = c.emit(
    "Expand",
    [s.parameter(shift), c.ints([batch, groups, width])],
    [batch, groups, width],
  );
  return { gain: s.op("Mul", rstd, s.parameter(scale)), level };
}

/** A number per group, [B, G, 1], given to each of its channels. */
function spread(c: Lowering, { batch, groups, width }: Small, perGroup: string): string {
  if (width === 1) return perGroup;
  return c.emit("Expand", [perGroup, c.ints([batch, groups, width])], [batch, groups, width]);
}

/** x - mean of its group: squares of x itself would drown the variance where the mean is large. */
function centre(c: Lowering, s: Small, x: string, view: ChannelView, mean: string): string {
  return channelAffine(c, x, view, constantPerChannel(c, view, 1), spread(c, s, s.op("Neg", mean)));
}

/**
 * (x - mean) / sqrt(variance + eps) * scale + shift over each group of channels, then SiLU if asked for.
 * Outputs y, and mean and 1 / deviation [B, groups].
 */
const groupNormOp: OpDefinition = {
  name: GROUP_NORM,
  layouts: (node, votes) => inBlocks(votes, [node.inputs[0]!], node.outputs[0]!),
  lower: (c, node) => {
    const { groups, eps, activation } = node.attributes as unknown as GroupNormAttributes;
    const [x, scale, shift] = node.inputs as [Value, Value, Value];
    const [y, meanOut, rstdOut] = node.outputs as [Value, Value, Value];
    const view = channelView(c, x.shape);
    const input = c.reshape(c.get(x, view.layout), view.shape);
    const s = small(c, x.shape, groups);
    const mean = s.groupMean(channelMeans(c, input, view));
    const centred = centre(c, s, input, view, mean);
    c.remember(centredKey(x, groups), [centred]);
    const variance = s.groupMean(channelMeans(c, c.emit("Mul", [centred, centred], view.shape), view));
    const rstd = s.op("Reciprocal", s.op("Sqrt", s.op("Add", variance, c.number(eps, "float32"))));
    const { gain, level } = affineOf(c, s, rstd, scale, shift);
    const z = channelAffine(c, centred, view, gain, level);
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
  name: GROUP_NORM_GRAD,
  layouts: (node, votes) => inBlocks(votes, [node.inputs[0]!, node.inputs[1]!], node.outputs[0]!),
  lower: (c, node) => {
    const { groups, activation } = node.attributes as unknown as GroupNormAttributes;
    const [dy, x, scale, shift, meanIn, rstdIn] = node.inputs as [Value, Value, Value, Value, Value, Value];
    const [dx, dscale, dshift] = node.outputs as [Value, Value, Value];
    const view = channelView(c, x.shape);
    const input = c.reshape(c.get(x, view.layout), view.shape);
    const s = small(c, x.shape, groups);
    const statistic = (value: Value): string => c.reshape(c.get(value), [s.batch, groups, 1]);
    const rstd = statistic(rstdIn);
    const [centred] = c.recall(centredKey(x, groups)) ?? [centre(c, s, input, view, statistic(meanIn))];
    const { gain, level } = affineOf(c, s, rstd, scale, shift);
    let dz = c.reshape(c.get(dy, view.layout), view.shape);
    if (activation === "silu") {
      const slope = siluSlope(
        c,
        view,
        c.recall(siluKey([x, scale, shift], node.attributes)) ?? siluAgain(c, centred!, view, gain, level),
      );
      dz = c.emit("Mul", [dz, slope], view.shape);
    }
    // Per channel: the mean of dz, and the mean of dz times the normalised x.
    const first = s.all(channelMeans(c, dz, view));
    const product = s.all(channelMeans(c, c.emit("Mul", [dz, centred!], view.shape), view));
    const second = s.op("Mul", product, rstd);
    const weight = s.parameter(scale);
    const firstOfGroup = s.groupMean(s.op("Mul", weight, first));
    const secondOfGroup = s.groupMean(s.op("Mul", weight, second));
    // dx = rstd (scale dz - firstOfGroup - normalised x * secondOfGroup), as two multiples and a number per channel.
    const ofX = s.op("Neg", s.op("Mul", s.op("Mul", rstd, rstd), secondOfGroup));
    const constant = s.op("Neg", s.op("Mul", rstd, firstOfGroup));
    const fromX = channelAffine(c, centred!, view, spread(c, s, ofX), spread(c, s, constant));
    const none = constantPerChannel(c, view, 0);
    c.set(dx, channelAffine(c, dz, view, gain, none, fromX), view.layout);
    setParameterGradient(c, s, dscale, second, x.shape);
    setParameterGradient(c, s, dshift, first, x.shape);
  },
};

const centredKey = (x: Value, groups: number): string => `centred ${x.code} ${groups}`;

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

function normOf(call: KernelCall): GroupNormAttributes {
  return {
    groups: attribute<number>(call, "groups"),
    eps: attribute<number>(call, "eps"),
    activation: attribute<GroupNormAttributes["activation"]>(call, "activation"),
  };
}

/** The fused kernels, which other packages call by name where a backend has them. */
export const groupNormKernels: readonly LoweredKernel[] = [
  kernel(GROUP_NORM, (call) => {
    const [x, scale, shift] = ["x", "scale", "shift"].map(call.input) as [Value, Value, Value];
    const attributes = normOf(call);
    const statistics = { shape: [x.shape[0]!, attributes.groups], dtype: "float32" } as const;
    const outputs = [{ shape: x.shape, dtype: "float32" } as const, statistics, statistics];
    return call.record.ops(groupNormOp, [x, scale, shift], outputs, { ...attributes });
  }),
  kernel(GROUP_NORM_GRAD, (call) => {
    const names = ["dy", "x", "scale", "shift", "mean", "rstd"];
    const inputs = names.map(call.input);
    const outputs = inputs.slice(1, 4).map(({ shape }) => ({ shape, dtype: "float32" }) as const);
    return call.record.ops(groupNormGradientOp, inputs, outputs, { ...normOf(call) });
  }),
];
