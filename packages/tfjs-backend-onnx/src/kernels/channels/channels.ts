import type { Lowering, Value } from "../../graph/operation.ts";
import { NCHWC } from "../../lower/convert.ts";
import { type Layout, nchw } from "../../tensor/layouts.ts";
import type { Shape } from "../../tensor/shape.ts";

/**
 * Arithmetic per picture and channel on activations with channels first.
 *
 * Seen as one picture of B * C channels in blocks, a depthwise 1x1 convolution multiplies each channel by a number of its
 * own and adds another one in a single pass over memory, and a global average pooling sums each of them. Channels that do
 * not fill blocks take a multiplication and an addition.
 */
export interface ChannelView {
  /** [1, B * C, H, W] */
  readonly shape: Shape;
  readonly count: number;
  /** Blocked where blocks work and fit, else one channel after the other. */
  readonly layout: Layout;
  readonly domain: string;
}

/** The view of an activation [B, H, W, C]. */
export function channelView(c: Lowering, shape: Shape): ChannelView {
  const [b, h, w, channels] = shape as [number, number, number, number];
  const count = b * channels;
  const blocked = c.blocked?.activations.accepts(shape) ?? false;
  const layout = blocked ? c.blocked!.activations : nchw;
  return { shape: [1, count, h, w], count, layout, domain: blocked ? NCHWC : "" };
}

/** x * scale + shift [+ sum]; `scale` and `shift` hold B * C numbers, `sum` is like x. */
export function channelAffine(
  c: Lowering,
  x: string,
  view: ChannelView,
  scale: string,
  shift: string,
  sum?: string,
): string {
  if (view.domain !== NCHWC) {
    const vector = (numbers: string): string => c.reshape(numbers, [1, view.count, 1, 1]);
    const scaled = c.emit("Mul", [c.reshape(x, view.shape), vector(scale)], view.shape);
    const shifted = c.emit("Add", [scaled, vector(shift)], view.shape);
    return sum === undefined ? shifted : c.emit("Add", [shifted, c.reshape(sum, view.shape)], view.shape);
  }
  const inputs = [
    c.reshape(x, view.shape),
    c.reshape(scale, [view.count, 1, 1, 1]),
    c.reshape(shift, [view.count]),
  ];
  if (sum !== undefined) inputs.push(c.reshape(sum, view.shape));
  return c.emit("Conv", inputs, view.shape, { kernel_shape: [1, 1], group: view.count }, NCHWC);
}

/** The mean over the pixels of each channel: [1, B * C, 1, 1]. */
export function channelMeans(c: Lowering, x: string, view: ChannelView): string {
  return c.emit("GlobalAveragePool", [c.reshape(x, view.shape)], [1, view.count, 1, 1], {}, view.domain);
}

/** A vector of ones or zeros for every channel of a view. */
export function constantPerChannel(c: Lowering, view: ChannelView, value: number): string {
  return c.once(`${value} x ${view.count}`, () =>
    c.emit("Expand", [c.number(value, "float32"), c.ints([view.count])], [view.count]),
  );
}

/**
 * The numbers of a small operand [1 or B, 1, 1, C] or [C] of an activation [B, H, W, C] as B * C numbers, or null if it
 * varies along other axes.
 */
export function perChannel(c: Lowering, operand: Value, activation: Shape): string | null {
  const [b, , , channels] = activation as [number, number, number, number];
  const { shape } = operand;
  const padded = [...[1, 1, 1, 1].slice(shape.length), ...shape];
  const [ob, oh, ow, oc] = padded;
  if (padded.length !== 4 || oh !== 1 || ow !== 1 || oc !== channels || (ob !== 1 && ob !== b)) return null;
  const rows = c.reshape(c.get(operand), [ob!, channels]);
  return ob === b ? rows : c.emit("Expand", [rows, c.ints([b, channels])], [b, channels]);
}

/** Every pixel of blocked activations repeated in both directions. */
export function repeatPixels(c: Lowering, x: string, factors: readonly [number, number]): string {
  const [b, channels, h, w] = c.shapeOf(x) as [number, number, number, number];
  const shape = [b, channels, h * factors[0], w * factors[1]];
  return c.emit("Upsample", [x], shape, { scales: [1, 1, ...factors], mode: "nearest" }, NCHWC);
}

/** Sums of blocked activations over tiles of pixels. */
export function sumTiles(c: Lowering, x: string, tile: readonly [number, number]): string {
  const [b, channels, h, w] = c.shapeOf(x) as [number, number, number, number];
  const shape = [b, channels, h / tile[0], w / tile[1]];
  const means = c.emit("AveragePool", [x], shape, { kernel_shape: tile, strides: tile }, NCHWC);
  return c.emit("Mul", [means, c.number(tile[0] * tile[1], "float32")], shape);
}
