import { GROUP_NORM, GROUP_NORM_GRAD } from "@ddpm/tfjs-kernels";
import type { GroupNormAttributes } from "@ddpm/tfjs-kernels/authoring";
import * as tf from "@tensorflow/tfjs-core";

const EPS = 1e-5;

type Save = (tensors: tf.Tensor[]) => void;

/**
 * Group normalisation and SiLU: one kernel where the backend has it, else composed of TensorFlow.js operations.
 *
 * @param x [B, H, W, C]
 * @param scale [1, 1, 1, C], as is `shift`
 */
export function groupNormSilu(
  x: tf.Tensor4D,
  scale: tf.Tensor4D,
  shift: tf.Tensor4D,
  groups: number,
  activation: "silu" | "linear",
): tf.Tensor4D {
  if (!tf.getKernel(GROUP_NORM, tf.getBackend())) return composed(x, scale, shift, groups, activation);
  const attributes: GroupNormAttributes = { groups, eps: EPS, activation };
  return tf.customGrad((...given) => {
    const save = given.pop() as unknown as Save;
    const [x, scale, shift] = given as [tf.Tensor, tf.Tensor, tf.Tensor];
    const outputs = tf
      .engine()
      .runKernel(GROUP_NORM, { x, scale, shift }, { ...attributes }) as unknown as tf.Tensor[];
    const [y, mean, rstd] = outputs as [tf.Tensor, tf.Tensor, tf.Tensor];
    save([x, scale, shift, mean, rstd]);
    return {
      value: y,
      gradFunc: (dy: tf.Tensor, saved: tf.Tensor[]) => {
        const [x, scale, shift, mean, rstd] = saved as [
          tf.Tensor,
          tf.Tensor,
          tf.Tensor,
          tf.Tensor,
          tf.Tensor,
        ];
        return tf
          .engine()
          .runKernel(
            GROUP_NORM_GRAD,
            { dy, x, scale, shift, mean, rstd },
            { ...attributes },
          ) as unknown as tf.Tensor[];
      },
    };
  })(x, scale, shift) as tf.Tensor4D;
}

function composed(
  x: tf.Tensor4D,
  scale: tf.Tensor4D,
  shift: tf.Tensor4D,
  groups: number,
  activation: "silu" | "linear",
): tf.Tensor4D {
  const [batch, height, width, channels] = x.shape;
  const grouped = tf.reshape(x, [batch, height * width, groups, channels / groups]);
  const centred = tf.sub(grouped, tf.mean(grouped, [1, 3], true));
  const variance = tf.mean(tf.square(centred), [1, 3], true);
  const normed = tf.reshape(tf.mul(centred, tf.rsqrt(tf.add(variance, EPS))), x.shape);
  const y = tf.add(tf.mul(normed, scale), shift) as tf.Tensor4D;
  return activation === "silu" ? tf.mul(y, tf.sigmoid(y)) : y;
}
