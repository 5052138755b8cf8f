import * as tf from "@tensorflow/tfjs-core";

/** GELU, x Φ(x), through the error function (PyTorch's default). Source: Hendrycks & Gimpel 2016. */
export function gelu<T extends tf.Tensor>(x: T): T {
  const half = tf.mul(0.5, x);
  return tf.add(half, tf.mul(half, tf.erf(tf.mul(Math.SQRT1_2, x)))) as T;
}

/** GELU by a sigmoid, x σ(1.702 x). Source: Hendrycks & Gimpel 2016, section 2; openai/CLIP model.py QuickGELU. */
export function quickGelu<T extends tf.Tensor>(x: T): T {
  return tf.mul(x, tf.sigmoid(tf.mul(1.702, x))) as T;
}

/** GELU by tanh: x/2 (1 + tanh(√(2/π) (x + 0.044715 x³))). Source: Hendrycks & Gimpel 2016, section 2. */
export function geluTanh<T extends tf.Tensor>(x: T): T {
  const inner = tf.mul(Math.sqrt(2 / Math.PI), tf.add(x, tf.mul(0.044715, tf.mul(x, tf.square(x)))));
  const half = tf.mul(0.5, x);
  return tf.add(half, tf.mul(half, tf.tanh(inner))) as T;
}
