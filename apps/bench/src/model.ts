import { conv2dWithBias, matMulWithBias, silu } from "@ddpm/unet/authoring";
import * as tf from "@tensorflow/tfjs-core";
import { groupNormSilu } from "./group-norm.ts";

/** Sizes of the benchmark's U-Net. */
export interface ModelSize {
  readonly name: string;
  /** Height and width of the pictures. */
  readonly pixels: number;
  readonly base: number;
  readonly multipliers: readonly number[];
  readonly blocks: number;
  readonly trainBatch: number;
  readonly sampleBatch: number;
}

/** The sizes that are measured. */
export const SIZES: Readonly<Record<string, ModelSize>> = {
  small: {
    name: "small",
    pixels: 32,
    base: 32,
    multipliers: [1, 2, 4],
    blocks: 2,
    trainBatch: 32,
    sampleBatch: 16,
  },
  large: {
    name: "large",
    pixels: 64,
    base: 64,
    multipliers: [1, 2, 4],
    blocks: 2,
    trainBatch: 8,
    sampleBatch: 8,
  },
};

const GROUPS = 8;

/** Weights by name; the same names and shapes as in peers/torch_unet.py (there in PyTorch's order of axes). */
export type Params = Readonly<Record<string, tf.Tensor>>;

/** Asks for a weight: in a first pass it is created, later looked up. */
export type Weight = <T extends tf.Tensor>(name: string, ...shape: number[]) => T;

/**
 * The noise prediction of a U-Net (Ho et al. 2020, appendix B, smaller): residual blocks with the time's embedding,
 * average pooling on the way down, nearest upsampling and a convolution on the way up, one attention in the middle.
 *
 * @param x [B, H, W, 3]
 * @param time [B]
 * @returns [B, H, W, 3]
 */
export function unet(weight: Weight, size: ModelSize, x: tf.Tensor4D, time: tf.Tensor1D): tf.Tensor4D {
  const { base, multipliers, blocks } = size;
  const width = 4 * base;
  const embedding = timeEmbedding(weight, time, base, width);
  const block = (name: string, h: tf.Tensor4D, out: number): tf.Tensor4D =>
    residualBlock(weight, name, h, embedding, out, width);

  let h = convolution(weight, "in", x, base);
  const skips: tf.Tensor4D[] = [];
  for (const [level, multiplier] of multipliers.entries()) {
    for (let i = 0; i < blocks; i++) {
      h = block(`down${level}.${i}`, h, base * multiplier);
      skips.push(h);
    }
    if (level < multipliers.length - 1) h = tf.avgPool(h, 2, 2, "valid");
  }
  const deepest = base * multipliers.at(-1)!;
  h = block("middle.0", h, deepest);
  h = attention(weight, "attention", h);
  h = block("middle.1", h, deepest);
  for (let level = multipliers.length - 1; level >= 0; level--) {
    for (let i = 0; i < blocks; i++) {
      h = block(`up${level}.${i}`, tf.concat([h, skips.pop()!], 3), base * multipliers[level]!);
    }
    if (level > 0) {
      h = tf.image.resizeNearestNeighbor(h, [2 * h.shape[1], 2 * h.shape[2]]);
      h = convolution(weight, `up${level}.conv`, h, base * multipliers[level]!);
    }
  }
  return convolution(weight, "out", norm(weight, "out.norm", h), 3);
}

function timeEmbedding(weight: Weight, time: tf.Tensor1D, base: number, width: number): tf.Tensor2D {
  const half = base / 2;
  const rates = tf.tensor2d(
    Array.from({ length: half }, (_, i) => Math.exp((-Math.log(10000) * i) / half)),
    [1, half],
  );
  const angles = tf.mul(tf.reshape(time, [-1, 1]), rates);
  const waves = tf.concat([tf.sin(angles), tf.cos(angles)], 1) as tf.Tensor2D;
  const hidden = silu(dense(weight, "time.0", waves, width));
  return silu(dense(weight, "time.1", hidden, width));
}

function residualBlock(
  weight: Weight,
  name: string,
  x: tf.Tensor4D,
  embedding: tf.Tensor2D,
  out: number,
  width: number,
): tf.Tensor4D {
  let h = convolution(weight, `${name}.conv0`, norm(weight, `${name}.norm0`, x), out);
  const shift = matMulWithBias(
    embedding,
    weight<tf.Tensor2D>(`${name}.time.w`, width, out),
    weight<tf.Tensor1D>(`${name}.time.b`, out),
  );
  h = tf.add(h, tf.reshape(shift, [-1, 1, 1, out]));
  h = convolution(weight, `${name}.conv1`, norm(weight, `${name}.norm1`, h), out);
  const skip = x.shape[3] === out ? x : convolution(weight, `${name}.skip`, x, out, 1);
  return tf.add(h, skip);
}

function attention(weight: Weight, name: string, x: tf.Tensor4D): tf.Tensor4D {
  const [batch, height, wide, channels] = x.shape;
  const rows = (part: tf.Tensor): tf.Tensor3D => tf.reshape(part, [batch, height * wide, channels]);
  const normed = norm(weight, `${name}.norm`, x, "linear");
  const [q, k, v] = ["q", "k", "v"].map((part) =>
    rows(convolution(weight, `${name}.${part}`, normed, channels, 1)),
  );
  const scores = tf.softmax(tf.mul(tf.matMul(q!, k!, false, true), channels ** -0.5));
  const mixed = tf.reshape(tf.matMul(scores, v!), [batch, height, wide, channels]) as tf.Tensor4D;
  return tf.add(x, convolution(weight, `${name}.out`, mixed, channels, 1));
}

function convolution(weight: Weight, name: string, x: tf.Tensor4D, out: number, kernel = 3): tf.Tensor4D {
  const w = weight<tf.Tensor4D>(`${name}.w`, kernel, kernel, x.shape[3], out);
  return conv2dWithBias(x, w, weight<tf.Tensor1D>(`${name}.b`, out), 1, "same");
}

function dense(weight: Weight, name: string, x: tf.Tensor2D, out: number): tf.Tensor2D {
  return matMulWithBias(
    x,
    weight<tf.Tensor2D>(`${name}.w`, x.shape[1], out),
    weight<tf.Tensor1D>(`${name}.b`, out),
  );
}

function norm(
  weight: Weight,
  name: string,
  x: tf.Tensor4D,
  activation: "silu" | "linear" = "silu",
): tf.Tensor4D {
  const channels = x.shape[3];
  const scale = tf.reshape(weight<tf.Tensor1D>(`${name}.g`, channels), [1, 1, 1, channels]) as tf.Tensor4D;
  const shift = tf.reshape(weight<tf.Tensor1D>(`${name}.b`, channels), [1, 1, 1, channels]) as tf.Tensor4D;
  return groupNormSilu(x, scale, shift, GROUPS, activation);
}
