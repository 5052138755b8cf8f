import * as tf from "@tensorflow/tfjs-core";
import { ones, zeros } from "../../initialisers.ts";
import type { Layer, Run, Scope } from "../../scope.ts";

/** Share of the new batch in the running statistics. */
const MOMENTUM = 0.1;
const EPS = 1e-5;

/**
 * Batch normalisation, [B, H, W, C] → [B, H, W, C]. Parameters `scale`, `shift` [C], and untrained `mean`,
 * `variance` [C] and `batches` []: running statistics, which inference uses and training reports through
 * `mode.update` (the variance without bias, as PyTorch does). Source: Ioffe & Szegedy 2015.
 */
export function batchNorm(scope: Scope, channels: number): Layer<tf.Tensor4D> {
  const untrained = { trainable: false };
  const scale = scope.param("scale", [channels], ones);
  const shift = scope.param("shift", [channels], zeros);
  const mean = scope.param("mean", [channels], zeros, untrained);
  const variance = scope.param("variance", [channels], ones, untrained);
  const batches = scope.param("batches", [], zeros, untrained);

  const report = (run: Run, m: tf.Tensor, v: tf.Tensor, count: number): void => {
    const blend = (old: tf.Tensor, now: tf.Tensor): tf.Tensor =>
      tf.add(tf.mul(old, 1 - MOMENTUM), tf.mul(now, MOMENTUM));
    run.mode.update?.(`${scope.path}.mean`, blend(mean(run), m));
    run.mode.update?.(
      `${scope.path}.variance`,
      blend(variance(run), tf.mul(v, count / Math.max(1, count - 1))),
    );
    run.mode.update?.(`${scope.path}.batches`, tf.add(batches(run), 1));
  };

  return (run, x) => {
    if (!run.mode.training) {
      const gain = tf.mul(scale(run), tf.rsqrt(tf.add(variance(run), EPS)));
      return tf.add(tf.mul(tf.sub(x, mean(run)), gain), shift(run));
    }
    const m = tf.mean(x, [0, 1, 2]);
    const centred = tf.sub(x, m);
    const v = tf.mean(tf.square(centred), [0, 1, 2]);
    report(run, m, v, x.size / channels);
    const gain = tf.mul(scale(run), tf.rsqrt(tf.add(v, EPS)));
    return tf.add(tf.mul(centred, gain), shift(run));
  };
}
