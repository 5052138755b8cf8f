import { ones, type Run, type Scope } from "@ddpm/unet/authoring";
import * as tf from "@tensorflow/tfjs-core";

/** Keeps rows that no latent chose where they are, once their count has vanished. */
const EPS = 1e-5;

/** Moves the rows of a codebook in training, given the latents and which row each chose. */
export type MoveRows = (run: Run, latents: tf.Tensor4D, indices: tf.Tensor3D) => void;

/**
 * Rows as exponential averages of the latents that chose them, instead of learned ones. Parameter `counts` [K], not trained.
 *
 * Source: van den Oord et al. 2017, appendix A.1: N ← γ N + (1 − γ) n, m ← γ m + (1 − γ) Σ z, row = m / N; m is kept as
 * row · N.
 *
 * @param scope of the codebook, which has its `table`
 * @param rows  reads the table
 * @param decay γ
 */
export function averagedRows(
  scope: Scope,
  {
    size,
    rows,
    decay,
  }: { readonly size: number; readonly rows: (run: Run) => tf.Tensor2D; readonly decay: number },
): MoveRows {
  const counts = scope.param("counts", [size], ones, { trainable: false });
  return (run, latents, indices) => {
    const { training, update } = run.mode;
    if (!training || !update) return;
    const flat = tf.reshape(latents, [-1, latents.shape[3]]);
    const chosen = tf.cast(tf.oneHot(tf.reshape(indices, [-1]), size), "float32") as tf.Tensor2D;
    const count = tf.add(tf.mul(decay, counts(run)), tf.mul(1 - decay, tf.sum(chosen, 0)));
    const sums = tf.mul(1 - decay, tf.matMul(chosen, flat, true));
    const before = tf.add(tf.mul(decay, tf.reshape(counts(run), [size, 1])), EPS);
    const moved = tf.div(tf.add(tf.mul(rows(run), before), sums), tf.reshape(tf.add(count, EPS), [size, 1]));
    update(`${scope.path}.table`, moved);
    update(`${scope.path}.counts`, count);
  };
}
