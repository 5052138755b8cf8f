import { SILU, SILU_GRAD } from "@ddpm/tfjs-kernels";
import * as tf from "@tensorflow/tfjs-core";

type Save = (tensors: tf.Tensor[]) => void;

/** SiLU (swish), x · sigmoid(x), with the gradient written out: s + y (1 − s). */
export function silu<T extends tf.Tensor>(x: T): T {
  const backend = tf.getBackend();
  const fused = tf.getKernel(SILU, backend) && tf.getKernel(SILU_GRAD, backend);
  return tf.customGrad((x, save) => (fused ? byKernel : byOps)(x as tf.Tensor, save as unknown as Save))(
    x,
  ) as T;
}

interface Differentiable {
  readonly value: tf.Tensor;
  gradFunc(dy: tf.Tensor, saved: tf.Tensor[]): tf.Tensor;
}

function byKernel(x: tf.Tensor, save: Save): Differentiable {
  save([x]);
  return {
    value: tf.engine().runKernel(SILU, { x }) as tf.Tensor,
    gradFunc: (dy, [x]) => tf.engine().runKernel(SILU_GRAD, { dy, x: x! }) as tf.Tensor,
  };
}

function byOps(x: tf.Tensor, save: Save): Differentiable {
  const s = tf.sigmoid(x);
  const y = tf.mul(x, s);
  save([s, y]);
  return {
    value: y,
    gradFunc(dy, saved) {
      const [s, y] = saved as [tf.Tensor, tf.Tensor];
      return tf.mul(dy, tf.add(s, tf.mul(y, tf.sub(1, s))));
    },
  };
}
