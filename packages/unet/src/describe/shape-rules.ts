import { sizeOf } from "@ddpm/core/authoring";
import * as tf from "@tensorflow/tfjs-core";

/** A kernel call as TensorFlow.js makes it, with the tensors reduced to shapes. */
export interface Call {
  /** By the kernel's names; by position for kernels that take lists. */
  readonly inputs: Readonly<Record<string, tf.TensorInfo>>;
  readonly attrs: object;
}

/** What a kernel call gives, and what it costs. */
export interface Outcome {
  readonly shapes: readonly (readonly number[])[];
  /** That of the first input when left out. */
  readonly dtype?: tf.DataType;
  /** Products that are added up; 0 when left out: norms and elementwise work are not counted. */
  readonly multiplyAdds?: number;
  /** The result is another view of the first input and takes no memory. */
  readonly view?: boolean;
  /** The kernel answers with a list, however long. */
  readonly list?: boolean;
}

export type ShapeRule = (call: Call) => Outcome;

const first = ({ inputs }: Call): tf.TensorInfo => Object.values(inputs)[0]!;
const one = (shape: readonly number[], more: Omit<Outcome, "shapes"> = {}): Outcome => ({
  shapes: [shape],
  ...more,
});

const unary: ShapeRule = (call) => one(first(call).shape);

const binary: ShapeRule = ({ inputs: { a, b } }) =>
  one(tf.broadcast_util.assertAndGetBroadcastShape(a!.shape, b!.shape));

const comparison: ShapeRule = (call) => ({ ...binary(call), dtype: "bool" });

const reduction: ShapeRule = (call) => {
  const { shape } = first(call);
  const { axis, keepDims } = call.attrs as { axis: number | number[]; keepDims?: boolean };
  const axes = tf.util.parseAxisParam(axis, shape);
  const [kept] = tf.backend_util.computeOutAndReduceShapes(shape, axes);
  return one(keepDims ? tf.backend_util.expandShapeToKeepDim(kept, axes) : kept);
};

const pool: ShapeRule = (call) => {
  const { filterSize, strides, pad, dimRoundingMode } = call.attrs as Record<string, never>;
  const shape = first(call).shape as [number, number, number, number];
  return one(
    tf.backend_util.computePool2DInfo(shape, filterSize!, strides!, 1, pad!, dimRoundingMode).outShape,
  );
};

const convolution =
  (depthwise: boolean): ShapeRule =>
  ({ inputs: { x, filter }, attrs }) => {
    const { strides, pad, dilations, dimRoundingMode } = attrs as Record<string, never>;
    const [image, kernel] = [x!.shape, filter!.shape] as [[number, number, number, number], never];
    const info = tf.backend_util.computeConv2DInfo(
      image,
      kernel,
      strides!,
      dilations ?? 1,
      pad!,
      dimRoundingMode,
      depthwise,
    );
    const taps = info.filterHeight * info.filterWidth * (depthwise ? 1 : info.inChannels);
    return one(info.outShape, { multiplyAdds: sizeOf(info.outShape) * taps });
  };

const matMul: ShapeRule = ({ inputs, attrs }) => {
  const { transposeA, transposeB } = attrs as { transposeA?: boolean; transposeB?: boolean };
  const [a, b] = [inputs.a!.shape, inputs.b!.shape];
  const [rows, inner] = transposeA ? [a.at(-1)!, a.at(-2)!] : [a.at(-2)!, a.at(-1)!];
  const columns = transposeB ? b.at(-2)! : b.at(-1)!;
  const batch = tf.broadcast_util.assertAndGetBroadcastShape(a.slice(0, -2), b.slice(0, -2));
  const shape = [...batch, rows, columns];
  return one(shape, { multiplyAdds: sizeOf(shape) * inner });
};

/** Every filter tap of every incoming pixel is multiplied once. */
const transposedConvolution: ShapeRule = ({ inputs: { dy, filter }, attrs }) => {
  const [height, width, channels] = filter!.shape as [number, number, number];
  const multiplyAdds = sizeOf(dy!.shape) * height * width * channels;
  return one((attrs as { inputShape: number[] }).inputShape, { multiplyAdds });
};

const split: ShapeRule = (call) => {
  const { numOrSizeSplits, axis } = call.attrs as { numOrSizeSplits: number | number[]; axis: number };
  const { shape } = first(call);
  const [at] = tf.util.parseAxisParam(axis, shape) as [number];
  const sizes = tf.backend_util.prepareSplitSize({ shape } as unknown as tf.Tensor, numOrSizeSplits, at);
  return { shapes: sizes.map((size) => shape.map((old, i) => (i === at ? size : old))), list: true };
};

const UNARY =
  "Abs Ceil ClipByValue Cos Elu Erf Exp Expm1 Floor FusedBatchNorm LeakyRelu Log Log1p LogSoftmax Neg OnesLike Reciprocal Relu Relu6 Reverse Round Rsqrt Selu Sigmoid Sign Sin Softmax Softplus Sqrt Square Step Tan Tanh ZerosLike";
const BINARY = "Add Atan2 FloorDiv Maximum Minimum Mod Multiply Pow Prelu RealDiv SquaredDifference Sub";
const COMPARISON = "Equal Greater GreaterEqual Less LessEqual LogicalAnd LogicalOr NotEqual";
const each = (names: string, rule: ShapeRule): Record<string, ShapeRule> =>
  Object.fromEntries(names.split(" ").map((name) => [name, rule]));

/** Shapes and costs of the kernels that networks are made of, by TensorFlow.js' names. */
export const shapeRules: Readonly<Record<string, ShapeRule>> = {
  ...each(UNARY, unary),
  ...each(BINARY, binary),
  ...each(COMPARISON, comparison),
  ...each("Max Mean Min Prod Sum", reduction),
  ...each("AvgPool MaxPool", pool),
  Conv2D: convolution(false),
  DepthwiseConv2dNative: convolution(true),
  Conv2DBackpropInput: transposedConvolution,
  BatchMatMul: matMul,
  Identity: (call) => one(first(call).shape, { view: true }),
  Reshape(call) {
    const { shape } = call.attrs as { shape: number[] };
    return one(tf.util.inferFromImplicitShape(shape, sizeOf(first(call).shape)), { view: true });
  },
  Cast(call) {
    const { dtype } = call.attrs as { dtype: tf.DataType };
    return one(first(call).shape, { dtype, view: dtype === first(call).dtype });
  },
  Transpose(call) {
    const { perm } = call.attrs as { perm: number[] };
    return one(perm.map((axis) => first(call).shape[axis]!));
  },
  Concat(call) {
    const shapes = Object.values(call.inputs).map(({ shape }) => shape);
    const [axis] = tf.util.parseAxisParam((call.attrs as { axis: number }).axis, shapes[0]!) as [number];
    return one(tf.backend_util.computeOutShape(shapes, axis));
  },
  Pack(call) {
    const { axis } = call.attrs as { axis: number };
    const shape = [...first(call).shape];
    shape.splice(axis < 0 ? axis + shape.length + 1 : axis, 0, Object.keys(call.inputs).length);
    return one(shape);
  },
  SplitV: split,
  Slice(call) {
    const { begin, size } = call.attrs as { begin: number[]; size: number[] };
    return one(tf.slice_util.parseSliceParams(first(call) as tf.Tensor, begin, size)[1]!);
  },
  PadV2(call) {
    const { paddings } = call.attrs as { paddings: [number, number][] };
    return one(first(call).shape.map((size, axis) => size + paddings[axis]![0] + paddings[axis]![1]));
  },
  Tile(call) {
    const { reps } = call.attrs as { reps: number[] };
    return one(first(call).shape.map((size, axis) => size * reps[axis]!));
  },
  OneHot(call) {
    const { depth, dtype } = call.attrs as { depth: number; dtype: tf.DataType };
    return one([...first(call).shape, depth], { dtype });
  },
  GatherV2({ inputs: { x, indices }, attrs }) {
    const { axis } = attrs as { axis: number };
    return one([...x!.shape.slice(0, axis), ...indices!.shape, ...x!.shape.slice(axis + 1)]);
  },
  Select: ({ inputs: { t } }) => one(t!.shape, { dtype: t!.dtype }),
  Fill({ attrs }) {
    const { shape, dtype } = attrs as { shape: number[]; dtype?: tf.DataType };
    return one(shape, { dtype: dtype ?? "float32" });
  },
  ...each("ResizeNearestNeighbor ResizeBilinear", (call) => {
    const [batch, , , channels] = first(call).shape;
    const [height, width] = (call.attrs as { size: [number, number] }).size;
    return one([batch!, height, width, channels!]);
  }),
};
