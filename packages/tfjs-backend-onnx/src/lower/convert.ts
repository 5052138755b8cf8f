import type { Lowering, Value } from "../graph/operation.ts";
import { type Layout, nchw, plain } from "../tensor/layouts.ts";
import type { Shape } from "../tensor/shape.ts";

/** The domain of ONNX Runtime's operators on blocks of channels. */
export const NCHWC = "com.microsoft.nchwc";

/** ReorderInput refuses channel counts that are not a multiple of this. */
export const REORDER_MULTIPLE = 4;

/** Emits what turns one of the layouts that are there into `target`, and returns the result's name. */
export function convertLayout(c: Lowering, value: Value, there: Map<Layout, string>, target: Layout): string {
  const { shape } = value;
  const activations = value.dtype === "float32" ? c.blocked?.activations : undefined;
  const fromPlain = there.get(plain);
  const fromNchw = there.get(nchw);
  if (target === activations) {
    if (fromPlain !== undefined) return reorderInput(c, c.reshape(fromPlain, shape), true);
    if (fromNchw !== undefined) return reorderInput(c, c.reshape(fromNchw, nchw.nominal(shape)), false);
  }
  const fromBlocked = activations && there.get(activations);
  if (fromBlocked !== undefined && activations) {
    const blocked = c.reshape(fromBlocked, activations.nominal(shape));
    if (target === plain) return reorderOutput(c, blocked, shape, true);
    if (target === nchw) return reorderOutput(c, blocked, nchw.nominal(shape), false);
  }
  let name = fromPlain;
  if (name === undefined) {
    const [layout, held] = there.entries().next().value!;
    name = toPlain(c, held, shape, layout);
    there.set(plain, name);
  }
  return target === plain ? name : fromPlainOrder(c, name, shape, target);
}

/** [B, C, H, W], or [B, H, W, C] where `channelsLast`, to blocks of channels; missing channels of the last block are 0. */
export function reorderInput(c: Lowering, name: string, channelsLast: boolean): string {
  const shape = c.shapeOf(name);
  const block = c.blocked!.block;
  const [b, ...rest] = shape;
  const channels = channelsLast ? rest.pop()! : rest.shift()!;
  const whole = Math.ceil(channels / block) * block;
  return c.emit("ReorderInput", [name], [b!, whole, ...rest], { channels_last: channelsLast ? 1 : 0 }, NCHWC);
}

/** Blocks of channels to `shape`: [B, C, H, W], or [B, H, W, C] where `channelsLast`; further channels are dropped. */
export function reorderOutput(c: Lowering, name: string, shape: Shape, channelsLast: boolean): string {
  const channels = channelsLast ? shape[3]! : shape[1]!;
  return c.emit("ReorderOutput", [name], shape, { channels, channels_last: channelsLast ? 1 : 0 }, NCHWC);
}

/** Plain order to any layout, by a transposition. */
export function fromPlainOrder(c: Lowering, name: string, shape: Shape, layout: Layout): string {
  const parts = c.reshape(name, layout.split(shape));
  return c.reshape(c.transpose(parts, layout.order), layout.nominal(shape));
}

function toPlain(c: Lowering, name: string, shape: Shape, layout: Layout): string {
  const split = layout.split(shape);
  const parts = c.reshape(
    name,
    layout.order.map((axis) => split[axis]!),
  );
  const inverse = split.map((_, axis) => layout.order.indexOf(axis));
  return c.reshape(c.transpose(parts, inverse), shape);
}
