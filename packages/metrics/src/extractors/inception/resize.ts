import * as tf from "@tensorflow/tfjs-core";

/** Side of the network's input. */
const SIDE = 299;

/** Whose resizing: numbers made with different ones are not comparable. */
export type Resizing = "pytorch-fid" | "clean-fid";

/**
 * Pictures at 299 × 299, in the range that the network gets.
 *
 * `pytorch-fid`: bilinear without antialiasing, half-pixel centres; `clean-fid`: bicubic with antialiasing as PIL does it,
 * then clipped, then (x − 128) / 128 of the byte.
 *
 * Source: pytorch-fid `InceptionV3.forward`; clean-fid `make_resizer`, Parmar et al. 2022.
 *
 * @param x [B, H, W, 3] in [−1, 1]
 */
export function resizeForInception(x: tf.Tensor4D, resizing: Resizing): tf.Tensor4D {
  return tf.tidy(() => {
    if (resizing === "pytorch-fid") return tf.image.resizeBilinear(x, [SIDE, SIDE], false, true);
    const [batch, height, width, channels] = x.shape;
    const bytes = tf.mul(tf.add(x, 1), 127.5);
    const across = tf.matMul(tf.transpose(bytes, [0, 1, 3, 2]), weights(width), false, true);
    const rows = tf.transpose(across, [0, 2, 3, 1]);
    const down = tf.matMul(tf.reshape(rows, [batch, channels * SIDE, height]), weights(height), false, true);
    const resized = tf.transpose(tf.reshape(down, [batch, channels, SIDE, SIDE]), [0, 3, 2, 1]);
    return tf.div(tf.sub(tf.clipByValue(resized, 0, 255), 128), 128);
  });
}

/** What every output pixel takes from every input pixel: [299, size] as a tensor that broadcasts over matrices. */
function weights(size: number): tf.Tensor2D {
  return tf.tensor2d(bicubicWeights(size, SIDE), [SIDE, size]);
}

/**
 * PIL's bicubic weights (a = −1/2), widened when shrinking: [to, from], every row sums to 1.
 *
 * Source: Keys 1981, eq. 15; Pillow `precompute_coeffs`.
 */
function bicubicWeights(from: number, to: number): Float32Array {
  const scale = from / to;
  const stretch = Math.max(1, scale);
  const table = new Float32Array(to * from);
  for (let i = 0; i < to; i++) {
    const centre = (i + 0.5) * scale;
    const first = Math.max(0, Math.floor(centre - 2 * stretch + 0.5));
    const last = Math.min(from, Math.floor(centre + 2 * stretch + 0.5));
    const row = Array.from({ length: last - first }, (_, k) => cubic((first + k - centre + 0.5) / stretch));
    const sum = row.reduce((total, weight) => total + weight, 0);
    for (const [k, weight] of row.entries()) table[i * from + first + k] = weight / sum;
  }
  return table;
}

function cubic(distance: number): number {
  const x = Math.abs(distance);
  if (x < 1) return (1.5 * x - 2.5) * x * x + 1;
  if (x < 2) return ((-0.5 * x + 2.5) * x - 4) * x + 2;
  return 0;
}
