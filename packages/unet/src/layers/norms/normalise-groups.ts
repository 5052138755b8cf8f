import { GROUP_NORM, GROUP_NORM_GRAD } from "@ddpm/tfjs-kernels";
import type { GroupNormAttributes } from "@ddpm/tfjs-kernels/authoring";
import * as tf from "@tensorflow/tfjs-core";

/** What follows a norm. */
export type Activation = GroupNormAttributes["activation"];

type Save = (tensors: tf.Tensor[]) => void;

/**
 * (x − mean) / √(variance + eps) · scale + shift over the pixels and channels of each group, then the
 * activation. The variance is that of the centred values (no E[x²] − mean²); the gradient is written out.
 *
 * @param x     [B, H, W, C]
 * @param scale [1 or B, 1, 1, C]
 * @param shift like `scale`
 */
export function normaliseGroups(
  x: tf.Tensor4D,
  scale: tf.Tensor4D,
  shift: tf.Tensor4D,
  attributes: GroupNormAttributes,
): tf.Tensor4D {
  const backend = tf.getBackend();
  const fused = tf.getKernel(GROUP_NORM, backend) && tf.getKernel(GROUP_NORM_GRAD, backend);
  return tf.customGrad((...given) => {
    const save = given.pop() as unknown as Save;
    return (fused ? byKernel : byOps)(given as tf.Tensor4D[], save, attributes);
  })(x, scale, shift) as tf.Tensor4D;
}

interface Differentiable {
  readonly value: tf.Tensor4D;
  gradFunc(dy: tf.Tensor, saved: tf.Tensor[]): tf.Tensor[];
}

function byKernel(
  inputs: readonly tf.Tensor4D[],
  save: Save,
  attributes: GroupNormAttributes,
): Differentiable {
  const [x, scale, shift] = inputs as [tf.Tensor4D, tf.Tensor4D, tf.Tensor4D];
  const attrs = { ...attributes };
  const outputs = tf.engine().runKernel(GROUP_NORM, { x, scale, shift }, attrs) as unknown as tf.Tensor[];
  const [y, mean, rstd] = outputs as [tf.Tensor4D, tf.Tensor, tf.Tensor];
  save([x, scale, shift, mean, rstd]);
  return {
    value: y,
    gradFunc(dy, saved) {
      const [x, scale, shift, mean, rstd] = saved as [tf.Tensor, tf.Tensor, tf.Tensor, tf.Tensor, tf.Tensor];
      const given = { dy, x, scale, shift, mean, rstd };
      return tf.engine().runKernel(GROUP_NORM_GRAD, given, attrs) as unknown as tf.Tensor[];
    },
  };
}

function byOps(inputs: readonly tf.Tensor4D[], save: Save, attributes: GroupNormAttributes): Differentiable {
  const [x, scale, shift] = inputs as [tf.Tensor4D, tf.Tensor4D, tf.Tensor4D];
  const { groups, eps, activation } = attributes;
  const centred: tf.Tensor4D = tf.sub(x, groupMean(pixelMean(x), groups));
  const variance = groupMean(pixelMean(tf.square(centred)), groups);
  const rstd = tf.rsqrt(tf.add(variance, eps));
  const z: tf.Tensor4D = tf.add(tf.mul(centred, tf.mul(rstd, scale)), shift);
  save([centred, rstd, scale, shift]);
  return {
    value: activation === "silu" ? tf.mul(z, tf.sigmoid(z)) : z,
    gradFunc(dy, saved) {
      const [centred, rstd, scale, shift] = saved as [tf.Tensor4D, tf.Tensor4D, tf.Tensor4D, tf.Tensor4D];
      const gain = tf.mul(rstd, scale);
      let dz = dy as tf.Tensor4D;
      if (activation === "silu") {
        const z = tf.add(tf.mul(centred, gain), shift);
        const s = tf.sigmoid(z);
        dz = tf.mul(dz, tf.mul(s, tf.add(1, tf.mul(z, tf.sub(1, s)))));
      }
      const pixels = dz.shape[1] * dz.shape[2];
      const first = pixelMean(dz);
      const second: tf.Tensor4D = tf.mul(pixelMean(tf.mul(dz, centred)), rstd);
      const level = tf.mul(rstd, groupMean(tf.mul(scale, first), groups));
      const slope = tf.mul(tf.square(rstd), groupMean(tf.mul(scale, second), groups));
      const dx = tf.sub(tf.mul(dz, gain), tf.add(tf.mul(centred, slope), level));
      const perImage = scale.shape[0] === dz.shape[0];
      const sum = (mean: tf.Tensor4D): tf.Tensor4D =>
        tf.mul(perImage ? mean : tf.sum(mean, 0, true), pixels) as tf.Tensor4D;
      return [dx, sum(second), sum(first)];
    },
  };
}

/** Mean over height and width, [B, H, W, C] → [B, 1, 1, C]; a pooling needs no transposition to reduce. */
function pixelMean(x: tf.Tensor4D): tf.Tensor4D {
  return tf.avgPool(x, [x.shape[1], x.shape[2]], 1, "valid");
}

/** Mean over the channels of each group, given back to each of them: [B, 1, 1, C] → [B, 1, 1, C]. */
function groupMean(x: tf.Tensor4D, groups: number): tf.Tensor4D {
  const [batch, , , channels] = x.shape;
  const size = channels / groups;
  if (size === 1) return x;
  const mean = tf.mean(tf.reshape(x, [batch, groups, size]), 2, true);
  return tf.reshape(tf.mul(mean, tf.ones([1, 1, size])), [batch, 1, 1, channels]);
}
