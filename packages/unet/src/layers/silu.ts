import * as tf from "@tensorflow/tfjs-core";

/** SiLU (swish), x · sigmoid(x), with the gradient written out: s + y (1 − s). */
export function silu<T extends tf.Tensor>(x: T): T {
  return tf.customGrad((x, save) => {
    const s = tf.sigmoid(x as T);
    const y = tf.mul(x as T, s);
    (save as (tensors: tf.Tensor[]) => void)([s, y]);
    return {
      value: y,
      gradFunc: (dy: tf.Tensor, saved: tf.Tensor[]) => {
        const [s, y] = saved as [tf.Tensor, tf.Tensor];
        return tf.mul(dy, tf.add(s, tf.mul(y, tf.sub(1, s))));
      },
    };
  })(x) as T;
}
