import * as tf from "@tensorflow/tfjs-core";

const STEPS = 8;

/** Numbers that look random and are the same everywhere. */
const wave = (count: number, step: number): Float32Array =>
  Float32Array.from({ length: count }, (_, i) => Math.sin(step * (i + 1) * (1 + (i % 7))));

/** Trains a convolutional net for some steps on the active backend and returns its losses. */
export async function train(steps: number = STEPS): Promise<number[]> {
  const x = tf.tensor4d(wave(4 * 8 * 8 * 3, 0.37), [4, 8, 8, 3]);
  const y = tf.tensor4d(wave(4 * 4 * 4 * 16, 0.73), [4, 4, 4, 16]);
  const first = tf.variable(tf.tensor4d(wave(3 * 3 * 3 * 16, 0.61), [3, 3, 3, 16]));
  const second = tf.variable(tf.mul(tf.tensor4d(wave(3 * 3 * 16 * 16, 0.83), [3, 3, 16, 16]), 0.3));
  const bias = tf.variable(tf.zeros([16]));
  const loss = (): tf.Scalar => {
    const hidden = tf.sigmoid(tf.add(tf.conv2d(x, first as tf.Tensor4D, 1, "same"), bias)) as tf.Tensor4D;
    const out = tf.conv2d(tf.avgPool(hidden, 2, 2, "same"), second as tf.Tensor4D, 1, "same");
    return tf.mean(tf.squaredDifference(out, y)) as tf.Scalar;
  };
  const optimizer = tf.train.adam(0.02);
  const losses: number[] = [];
  for (let step = 0; step < steps; step++) {
    const value = optimizer.minimize(loss, true)!;
    losses.push((await value.data())[0]!);
    value.dispose();
  }
  tf.dispose([x, y, first, second, bias]);
  optimizer.dispose();
  return losses;
}
