import { fail } from "@ddpm/core";
import { sizeOf } from "@ddpm/core/authoring";
import type { DTypeArray } from "./dtypes.ts";

/** Numbers in row-major order with their shape. */
export interface ShapedNumbers<A extends DTypeArray = Float32Array> {
  readonly shape: readonly number[];
  readonly data: A;
}

/** How one kind of layer stores its weight in PyTorch and in TensorFlow.js; the two maps undo each other. */
export interface Layout {
  readonly name: string;
  /** Shapes on both sides, e.g. `[out, in] ↔ [in, out]`. */
  readonly about: string;
  /** @throws DdpmError for a shape of another rank */
  toTfjs<A extends DTypeArray>(weight: ShapedNumbers<A>): ShapedNumbers<A>;
  /** @throws DdpmError for a shape of another rank */
  toTorch<A extends DTypeArray>(weight: ShapedNumbers<A>): ShapedNumbers<A>;
}

/** Biases, norms, embeddings: the same on both sides. */
export const identity: Layout = {
  name: "identity",
  about: "the same on both sides",
  toTfjs: (weight) => weight,
  toTorch: (weight) => weight,
};

/** `nn.Linear` ↔ `tf.matMul(x, w)`. */
export const linear: Layout = permuting("linear", "[out, in] ↔ [in, out]", [1, 0]);

/** `nn.Conv1d` ↔ `tf.conv1d`. */
export const conv1d: Layout = permuting("conv1d", "[out, in, k] ↔ [k, in, out]", [2, 1, 0]);

/** `nn.Conv2d` ↔ `tf.conv2d`. */
export const conv2d: Layout = permuting("conv2d", "[out, in, kh, kw] ↔ [kh, kw, in, out]", [2, 3, 1, 0]);

/** `nn.ConvTranspose2d` ↔ `tf.conv2dTranspose`: neither flips its kernel. */
export const convTranspose2d: Layout = permuting(
  "convTranspose2d",
  "[in, out, kh, kw] ↔ [kh, kw, out, in]",
  [2, 3, 1, 0],
);

/**
 * `nn.Conv2d(c, c · multiplier, groups=c)` ↔ `tf.depthwiseConv2d`: output c · multiplier + m comes from input c.
 *
 * @param multiplier outputs per input channel, from 1
 */
export function depthwise(multiplier = 1): Layout {
  const about = "[in · multiplier, 1, kh, kw] ↔ [kh, kw, in, multiplier]";
  return {
    name: "depthwise",
    about,
    toTfjs({ shape, data }) {
      const [rows, one, kh, kw] = ranked("depthwise", about, shape, 4);
      if (one !== 1 || rows! % multiplier !== 0) {
        fail(
          "weights/layouts",
          `depthwise layout of shape [${shape.join(", ")}] with multiplier ${multiplier}: ${about}.`,
        );
      }
      return permute({ shape: [rows! / multiplier, multiplier, kh!, kw!], data }, [2, 3, 0, 1]);
    },
    toTorch(weight) {
      const [, , channels, outputs] = ranked("depthwise", about, weight.shape, 4);
      if (outputs !== multiplier) {
        fail(
          "weights/layouts",
          `depthwise layout of shape [${weight.shape.join(", ")}], expected multiplier ${multiplier}.`,
        );
      }
      const { shape, data } = permute(weight, [2, 3, 0, 1]);
      return { shape: [channels! * multiplier, 1, shape[2]!, shape[3]!], data };
    },
  };
}

/**
 * A convolution of kernel size 1 kept as a matrix in TensorFlow.js.
 *
 * @param spatial spatial axes on the PyTorch side: 1 for `nn.Conv1d`, 2 for `nn.Conv2d`
 */
export function pointwise(spatial: 1 | 2 = 2): Layout {
  const ones = spatial === 1 ? [1] : [1, 1];
  const about = `[out, in, ${ones.join(", ")}] ↔ [in, out]`;
  return {
    name: "pointwise",
    about,
    toTfjs({ shape, data }) {
      const [out, inputs, ...kernel] = ranked("pointwise", about, shape, 2 + spatial);
      if (kernel.some((size) => size !== 1)) {
        fail(
          "weights/layouts",
          `pointwise layout of shape [${shape.join(", ")}], expected a kernel of size 1: ${about}.`,
        );
      }
      return permute({ shape: [out!, inputs!], data }, [1, 0]);
    },
    toTorch(weight) {
      ranked("pointwise", about, weight.shape, 2);
      const { shape, data } = permute(weight, [1, 0]);
      return { shape: [...shape, ...ones], data };
    },
  };
}

/** A layout that only reorders axes: axis `i` of TensorFlow.js is axis `order[i]` of PyTorch. */
function permuting(name: string, about: string, order: readonly number[]): Layout {
  const inverse = order.map((_, axis) => order.indexOf(axis));
  return {
    name,
    about,
    toTfjs: (weight) => permute(checked(weight), order),
    toTorch: (weight) => permute(checked(weight), inverse),
  };
  function checked<A extends DTypeArray>(weight: ShapedNumbers<A>): ShapedNumbers<A> {
    ranked(name, about, weight.shape, order.length);
    return weight;
  }
}

function ranked(name: string, about: string, shape: readonly number[], rank: number): readonly number[] {
  if (shape.length === rank) return shape;
  return fail(`weights/${name}`, `shape [${shape.join(", ")}], expected rank ${rank}: ${about}.`);
}

/**
 * Numbers with their axes reordered: axis `i` of the result is axis `order[i]` of the argument; a copy.
 *
 * @throws DdpmError when shape and data do not fit
 */
export function permute<A extends DTypeArray>(
  { shape, data }: ShapedNumbers<A>,
  order: readonly number[],
): ShapedNumbers<A> {
  if (sizeOf(shape) !== data.length) {
    fail("weights/layouts", `${data.length} numbers do not make shape [${shape.join(", ")}].`);
  }
  const strides = shape.map((_, axis) => sizeOf(shape.slice(axis + 1)));
  const sizes = order.map((axis) => shape[axis]!);
  const steps = order.map((axis) => strides[axis]!);
  const result = data.slice() as A;
  const at = new Array<number>(order.length).fill(0);
  let from = 0;
  for (let to = 0; to < result.length; to++) {
    result[to] = data[from]!;
    for (let axis = order.length - 1; axis >= 0; axis--) {
      from += steps[axis]!;
      at[axis]!++;
      if (at[axis]! < sizes[axis]!) break;
      from -= steps[axis]! * sizes[axis]!;
      at[axis] = 0;
    }
  }
  return { shape: sizes, data: result };
}
