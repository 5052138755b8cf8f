import * as tf from "@tensorflow/tfjs-core";
import type { SamplingCase, SamplingFile } from "./file.ts";

/** The perfect network of a case: what it returns at x, ᾱ of its time. */
export type Network = (x: tf.Tensor4D, abar: number) => tf.Tensor4D;

/** The closed-form network that a case declares, with the meaning that it declares. */
export function networkOf(
  { models }: SamplingFile,
  { model, prediction = "epsilon" }: SamplingCase,
): Network {
  return (x, abar) => {
    const [a, b] = [Math.sqrt(abar), Math.sqrt(1 - abar)];
    const s = models[model].s;
    const total = abar * s ** 2 + 1 - abar;
    const centre = centreOf(models, model, x, a, total);
    const eps = tf.mul(tf.sub(x, tf.mul(centre, a)), b / total) as tf.Tensor4D;
    if (prediction === "epsilon") return eps;
    const x0 = tf.add(tf.mul(x, (s ** 2 * a) / total), tf.mul(centre, (1 - abar) / total)) as tf.Tensor4D;
    return prediction === "sample" ? x0 : (tf.sub(tf.mul(eps, a), tf.mul(x0, b)) as tf.Tensor4D);
  };
}

/** The exact guess in sigma space, D(x; sigma). */
export function denoiserOf({ models }: SamplingFile, { model }: SamplingCase): Network {
  return (x, sigma) => {
    const s = models[model].s;
    const total = s ** 2 + sigma ** 2;
    const centre = centreOf(models, model, x, 1, total);
    return tf.add(tf.mul(x, s ** 2 / total), tf.mul(centre, sigma ** 2 / total)) as tf.Tensor4D;
  };
}

function centreOf(
  models: SamplingFile["models"],
  model: "gauss" | "mix",
  x: tf.Tensor4D,
  a: number,
  total: number,
) {
  if (model === "gauss") return tf.tensor1d([...models.gauss.mu]);
  const { m } = models.mix;
  return tf.mul(tf.tanh(tf.mul(x, (a * m) / total)), m);
}

/** ᾱ at a time that may lie between two entries: there ln((1 − ᾱ) / ᾱ) runs straight. */
export function abarAt(table: readonly number[], t: number): number {
  const low = Math.floor(t);
  const rest = t - low;
  if (rest === 0) return table[low]!;
  const logSigma = (i: number) => Math.log((1 - table[i]!) / table[i]!) / 2;
  const sigma = Math.exp((1 - rest) * logSigma(low) + rest * logSigma(low + 1));
  return 1 / (1 + sigma ** 2);
}
