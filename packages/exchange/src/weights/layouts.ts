import {
  conv1d,
  conv2d,
  type DTypeArray,
  type Layout,
  linear,
  permute,
  type ShapedNumbers,
} from "@ddpm/weights/authoring";

/** Per-channel weights with axes of size 1: their [1, C, 1, 1] is our [C]. */
export const column: Layout = {
  name: "column",
  about: "[1, C, 1, 1] ↔ [C]",
  toTfjs: ({ shape, data }) => ({ shape: shape.filter((_, axis) => axis === 1), data }),
  toTorch: ({ shape, data }) => ({ shape: [1, ...shape, 1, 1], data }),
};

/** Per-channel weights of signals: their [1, C, 1] is our [C]. */
export const signalColumn: Layout = {
  name: "signalColumn",
  about: "[1, C, 1] ↔ [C]",
  toTfjs: ({ shape, data }) => ({ shape: shape.filter((_, axis) => axis === 1), data }),
  toTorch: ({ shape, data }) => ({ shape: [1, ...shape, 1], data }),
};

/** An `nn.Linear` over the channels of pixels: their [out, in] is our convolution [1, 1, in, out]. */
export const pixelLinear: Layout = {
  name: "pixelLinear",
  about: "[out, in] ↔ [1, 1, in, out]",
  toTfjs(weight) {
    const { shape, data } = linear.toTfjs(weight);
    return { shape: [1, 1, ...shape], data };
  },
  toTorch: ({ shape, data }) => linear.toTorch({ shape: shape.slice(2), data }),
};

/** An `nn.Conv1d` of size 1 over flattened pixels: their [out, in, 1] is our convolution [1, 1, in, out]. */
export const pixelConv1d: Layout = {
  name: "pixelConv1d",
  about: "[out, in, 1] ↔ [1, 1, in, out]",
  toTfjs(weight) {
    const { shape, data } = conv1d.toTfjs(weight);
    return { shape: [1, ...shape], data };
  },
  toTorch: ({ shape, data }) => conv1d.toTorch({ shape: shape.slice(1), data }),
};

/** Space-to-depth and a 1×1 convolution: their [out, c · 2 · 2, 1, 1] is our convolution [2, 2, c, out]. */
export const unshuffle: Layout = {
  name: "unshuffle",
  about: "[out, c · 2 · 2, 1, 1] ↔ [2, 2, c, out]",
  toTfjs: ({ shape, data }) => conv2d.toTfjs({ shape: [shape[0]!, (shape[1] ?? 0) / 4, 2, 2], data }),
  toTorch(weight) {
    const { shape, data } = conv2d.toTorch(weight);
    return { shape: [shape[0]!, 4 * shape[1]!, 1, 1], data };
  },
};

/** Memories of linear attention: their [2, heads, width, count] is our [2, heads, count, width]. */
export const memories: Layout = {
  name: "memories",
  about: "[2, heads, width, count] ↔ [2, heads, count, width]",
  toTfjs: (weight) => permute(weight, [0, 1, 3, 2]),
  toTorch: (weight) => permute(weight, [0, 1, 3, 2]),
};

/** A number per pixel and channel: their [C, H, W] is our [H, W, C]. */
export const channelsLast: Layout = {
  name: "channelsLast",
  about: "[C, H, W] ↔ [H, W, C]",
  toTfjs: (weight) => permute(weight, [1, 2, 0]),
  toTorch: (weight) => permute(weight, [2, 0, 1]),
};

/**
 * A joint projection whose last axis runs over heads, then channels, then q, k, v in theirs, and over heads, then
 * q, k, v, then channels in ours.
 *
 * @param inner layout of the other axes
 */
export function interleaved(heads: number, inner: Layout): Layout {
  const turned = <A extends DTypeArray>(
    { shape, data }: ShapedNumbers<A>,
    inside: "q, k, v" | "channels",
  ): ShapedNumbers<A> => {
    const channels = shape.at(-1)!;
    const width = channels / heads / 3;
    const within = inside === "q, k, v" ? [width, 3] : [3, width];
    const split = { shape: [data.length / channels, heads, ...within], data };
    return { shape, data: permute(split, [0, 1, 3, 2]).data };
  };
  return {
    name: "interleaved",
    about: "[heads · width · (q, k, v), …] ↔ […, heads · (q, k, v) · width]",
    toTfjs: (weight) => turned(inner.toTfjs(weight), "q, k, v"),
    toTorch: (weight) => inner.toTorch(turned(weight, "channels")),
  };
}
