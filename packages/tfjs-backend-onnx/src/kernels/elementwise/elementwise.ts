import { backend_util } from "@tensorflow/tfjs-core";
import type { Lowering, OpDefinition, OpNode, Value } from "../../graph/operation.ts";
import { plain } from "../../tensor/layouts.ts";
import { type DType, type Shape, sameShape, sizeOf } from "../../tensor/shape.ts";
import { channelAffine, channelView, constantPerChannel, perChannel } from "../channels/channels.ts";

/** Emits an element-wise computation on operands that broadcast to `shape`, and returns the result's name. */
export type EmitElementwise = (
  c: Lowering,
  operands: readonly string[],
  shape: Shape,
  node: OpNode,
) => string;

/**
 * An operation that treats every element alike. It works in whatever order its operands have, and on the smaller tensor
 * where all operands are repetitions of smaller ones.
 */
export function elementwise(name: string, emit: EmitElementwise): OpDefinition {
  return {
    name,
    pointwise: true,
    layouts: ({ inputs, outputs: [y] }, votes) =>
      votes.unify([y!, ...inputs.filter((x) => sameShape(x.shape, y!.shape))]),
    lower: (c, node) => {
      const y = node.outputs[0]!;
      if (inLayoutOfResult(c, node, y, emit) || perChannelInBlocks(c, name, node, y)) return;
      inPlainOrder(c, node, y, emit);
    },
  };
}

/** Works on the operands as they are stored; not possible where a smaller operand repeats along some axes only. */
function inLayoutOfResult(c: Lowering, node: OpNode, y: Value, emit: EmitElementwise): boolean {
  const layout = c.layoutOf(y);
  if (layout === plain) return false;
  const single = (x: Value): boolean =>
    sizeOf(x.shape) === 1 || (c.isBroadcast(x) && sizeOf(c.shapeOf(c.operand(x))) === 1);
  const full = node.inputs.filter((x) => !single(x));
  if (full.length === 0 || !full.every((x) => sameShape(x.shape, y.shape))) return false;
  const nominal = layout.nominal(y.shape);
  const shape = flatIfNarrow(nominal, full.length < node.inputs.length);
  const operands = node.inputs.map((x) =>
    single(x) ? c.reshape(c.operand(x), [1]) : c.reshape(c.get(x, layout), shape),
  );
  c.set(y, emit(c, operands, shape, node), layout);
  return true;
}

/** x + v, x - v and x * v in blocks of channels, for a v that is one number per channel, or per picture and channel. */
function perChannelInBlocks(c: Lowering, name: string, node: OpNode, y: Value): boolean {
  const blocked = c.blocked?.activations;
  if (!blocked || c.layoutOf(y) !== blocked || node.inputs.length !== 2 || y.dtype !== "float32")
    return false;
  const [a, b] = node.inputs as [Value, Value];
  const swapped = !sameShape(a.shape, y.shape);
  const [x, v] = swapped && name !== "Sub" ? [b, a] : [a, b];
  if (!sameShape(x.shape, y.shape) || !(name === "Add" || name === "Sub" || name === "Mul")) return false;
  const numbers = perChannel(c, v, y.shape);
  if (numbers === null) return false;
  const view = channelView(c, y.shape);
  const of = (value: number): string => constantPerChannel(c, view, value);
  const input = c.get(x, blocked);
  const result =
    name === "Mul"
      ? channelAffine(c, input, view, numbers, of(0))
      : channelAffine(
          c,
          input,
          view,
          of(1),
          name === "Add" ? numbers : c.emit("Neg", [numbers], c.shapeOf(numbers)),
        );
  c.set(y, result, blocked);
  return true;
}

function inPlainOrder(c: Lowering, node: OpNode, y: Value, emit: EmitElementwise): void {
  // Constants have the shape [1], and so has what they meet.
  const operands = node.inputs
    .map(c.operand)
    .map((name) => (c.shapeOf(name).length === 0 ? c.reshape(name, [1]) : name));
  const shapes = operands.map(c.shapeOf);
  const shape = shapes.reduce(broadcast, []);
  if (sizeOf(shape) < sizeOf(y.shape)) {
    c.setBroadcast(y, emit(c, operands, shape, node));
    return;
  }
  const flat = flatIfNarrow(
    shape,
    shapes.some((s) => sizeOf(s) === 1),
  );
  if (flat !== shape && shapes.every((s) => sizeOf(s) === 1 || sameShape(s, shape))) {
    const flattened = operands.map((name, i) => c.reshape(name, sizeOf(shapes[i]!) === 1 ? [1] : flat));
    c.set(y, emit(c, flattened, flat, node));
  } else {
    c.set(y, emit(c, operands, shape, node));
  }
}

/** Broadcasting a scalar over a tensor whose last dimensions are 1 is some fifty times slower than over a flat one. */
function flatIfNarrow(shape: Shape, hasScalar: boolean): Shape {
  return hasScalar && shape.length > 1 && shape.at(-1)! < 8 && sizeOf(shape) > 512 ? [sizeOf(shape)] : shape;
}

/** The shape to which two shapes broadcast. */
export function broadcast(a: Shape, b: Shape): Shape {
  const rank = Math.max(a.length, b.length);
  return Array.from({ length: rank }, (_, i) => {
    const x = a[i - rank + a.length] ?? 1;
    const y = b[i - rank + b.length] ?? 1;
    return x === 1 ? y : x;
  });
}

/** The shape of a result whose operands broadcast; throws where they do not. */
export function broadcastResult(a: Shape, b: Shape): Shape {
  return backend_util.assertAndGetBroadcastShape([...a], [...b]);
}

/** An element-wise operation that is one operator of ONNX. */
export function operator(op: string): OpDefinition {
  return elementwise(op, (c, operands, shape) => c.emit(op, operands, shape));
}

/** Whether all dtypes are one of those listed. */
export function allOf(values: readonly Value[], ...dtypes: readonly DType[]): boolean {
  return values.every(({ dtype }) => dtypes.includes(dtype));
}
