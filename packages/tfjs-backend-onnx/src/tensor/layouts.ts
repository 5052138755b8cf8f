import type { Numbers } from "../runtime/runtime.ts";
import { type Shape, sizeOf } from "./shape.ts";

/**
 * An order in which the numbers of a tensor are stored.
 *
 * A layout splits dimensions of the logical shape and permutes the parts. `nominal` is the shape that ONNX operators see;
 * for blocked layouts it is the unblocked one, as the operators of the domain com.microsoft.nchwc expect.
 */
export interface Layout {
  readonly name: string;
  /** Whether tensors of this logical shape can have the layout. */
  accepts(shape: Shape): boolean;
  /** The logical shape with some dimensions split in two. */
  split(shape: Shape): Shape;
  /** Order of the parts in memory. */
  readonly order: readonly number[];
  nominal(shape: Shape): Shape;
}

/** Row-major order of the shape that TensorFlow.js sees. */
export const plain: Layout = {
  name: "plain",
  accepts: () => true,
  split: (shape) => shape,
  order: [],
  nominal: (shape) => shape,
};

/** Activations [B, H, W, C] stored as [B, C, H, W]. */
export const nchw: Layout = {
  name: "nchw",
  accepts: (shape) => shape.length === 4,
  split: (shape) => shape,
  order: [0, 3, 1, 2],
  nominal: ([b, h, w, c]) => [b!, c!, h!, w!],
};

/** Convolution filters [KH, KW, I, O] stored as [O, I, KH, KW]. */
export const oihw: Layout = {
  name: "oihw",
  accepts: (shape) => shape.length === 4,
  split: (shape) => shape,
  order: [3, 2, 0, 1],
  nominal: ([kh, kw, i, o]) => [o!, i!, kh!, kw!],
};

/** The layouts of direct convolutions on blocks of channels. */
export interface BlockedLayouts {
  /** Channels per block: the width of the vector unit. */
  readonly block: number;
  /** Activations [B, H, W, C] stored as [B, C / block, H, W, block]. */
  readonly activations: Layout;
  /** Filters [KH, KW, I, O] stored as [O / block, I / block, KH, KW, block of I, block of O]. */
  readonly filter: Layout;
  /** Filters [KH, KW, I, O] for unblocked input, stored as [O / block, I, KH, KW, block of O]. */
  readonly firstFilter: Layout;
}

/** Makes the blocked layouts for a vector width. */
export function blockedLayouts(block: number): BlockedLayouts {
  return {
    block,
    activations: {
      name: `nchw${block}c`,
      accepts: (shape) => shape.length === 4 && shape[3]! % block === 0,
      split: ([b, h, w, c]) => [b!, h!, w!, c! / block, block],
      order: [0, 3, 1, 2, 4],
      nominal: nchw.nominal,
    },
    filter: {
      name: `oihw${block}i${block}o`,
      accepts: (shape) => shape.length === 4 && shape[2]! % block === 0 && shape[3]! % block === 0,
      split: ([kh, kw, i, o]) => [kh!, kw!, i! / block, block, o! / block, block],
      order: [4, 2, 0, 1, 3, 5],
      nominal: oihw.nominal,
    },
    firstFilter: {
      name: `oihw${block}o`,
      accepts: (shape) => shape.length === 4 && shape[3]! % block === 0,
      split: ([kh, kw, i, o]) => [kh!, kw!, i!, o! / block, block],
      order: [3, 2, 0, 1, 4],
      nominal: oihw.nominal,
    },
  };
}

/** Reorders numbers on the host: from the plain order into `layout`, or back. Writes into `target`, of the same length. */
export function reorderOnHost(
  source: Numbers,
  target: Numbers,
  shape: Shape,
  layout: Layout,
  direction: "from plain" | "to plain",
): void {
  const { order } = layout;
  if (order.length === 0) {
    target.set(source);
    return;
  }
  const split = layout.split(shape);
  const stride: number[] = new Array(split.length).fill(1);
  for (let i = split.length - 2; i >= 0; i--) stride[i] = stride[i + 1]! * split[i + 1]!;
  const sizes = order.map((axis) => split[axis]!);
  const strides = order.map((axis) => stride[axis]!);
  const inner = sizes.length - 1;
  const innerSize = sizes[inner]!;
  const innerStride = strides[inner]!;
  const position: number[] = new Array(inner).fill(0);
  const total = sizeOf(shape);
  const fromPlain = direction === "from plain";
  let plainAt = 0;
  for (let at = 0; at < total; at += innerSize) {
    for (let i = 0, p = plainAt; i < innerSize; i++, p += innerStride) {
      if (fromPlain) target[at + i] = source[p]!;
      else target[p] = source[at + i]!;
    }
    for (let axis = inner - 1; axis >= 0; axis--) {
      plainAt += strides[axis]!;
      if (++position[axis]! < sizes[axis]!) break;
      plainAt -= strides[axis]! * sizes[axis]!;
      position[axis] = 0;
    }
  }
}
