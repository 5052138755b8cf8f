import * as tf from "@tensorflow/tfjs-core";
import { type Declared, memberOf } from "../declared.ts";
import { unsupported } from "../result.ts";
import type { Model, Network, SamplingCase, SamplingFile } from "./file.ts";

/** What a network's output means. */
export type Prediction = "epsilon" | "sample" | "v_prediction";

/** What the network of a case predicts, as the case or its configuration says. */
export function predictionOf({ prediction, config }: SamplingCase): Prediction {
  const name = prediction ?? (config as Declared | undefined)?.prediction_type ?? "epsilon";
  if (name === "epsilon" || name === "sample" || name === "v_prediction") return name;
  return unsupported(`the prediction ${String(name)} has no counterpart`);
}

/** The network of the file, where it has one; else the closed form that a case declares, with the meaning that it declares. */
export function networkOf({ models, network }: SamplingFile, golden: SamplingCase): Network {
  if (network) return network;
  const model = modelOf(models, golden);
  const prediction = predictionOf(golden);
  return (x, abar) => {
    const [a, b] = [Math.sqrt(abar), Math.sqrt(1 - abar)];
    const { s } = model;
    const total = abar * s ** 2 + 1 - abar;
    const centre = model.centre(x, a, total);
    const eps = tf.mul(tf.sub(x, tf.mul(centre, a)), b / total);
    if (prediction === "epsilon") return eps;
    const x0 = tf.add(tf.mul(x, (s ** 2 * a) / total), tf.mul(centre, (1 - abar) / total));
    return prediction === "sample" ? x0 : tf.sub(tf.mul(eps, a), tf.mul(x0, b));
  };
}

/** The exact guess in sigma space, D(x; sigma). */
export function denoiserOf({ models }: SamplingFile, golden: SamplingCase): Network {
  const { s, centre } = modelOf(models, golden);
  return (x, sigma) => {
    const total = s ** 2 + sigma ** 2;
    const middle = centre(x, 1, total);
    return tf.add(tf.mul(x, s ** 2 / total), tf.mul(middle, sigma ** 2 / total));
  };
}

interface ClosedForm {
  readonly s: number;
  /** M, [C] or [B, H, W, C], from x, a and V. */
  centre(x: tf.Tensor, a: number, total: number): tf.Tensor;
}

/** The model of a case by its kind: one Gaussian with a mean per channel, or two. */
export function closedForm(model: Model, name: string): ClosedForm {
  const { kind = name, mu, m, s } = model;
  if (kind === "gauss" && mu && mu.length > 0) {
    const means = (channels: number) => Array.from({ length: channels }, (_, c) => mu[c % mu.length]!);
    return { s, centre: (x) => tf.tensor1d(means(x.shape.at(-1)!)) };
  }
  if (kind === "mix" && m !== undefined)
    return { s, centre: (x, a, total) => tf.mul(tf.tanh(tf.mul(x, (a * m) / total)), m) };
  return unsupported(`the model ${name} of the kind ${kind} is not known`);
}

function modelOf(models: SamplingFile["models"], { model }: SamplingCase): ClosedForm {
  const declared = memberOf(models ?? {}, model) ?? unsupported(`the file declares no model ${model}`);
  return closedForm(declared, model);
}

/** ᾱ at a time that may be between two entries: there ln((1 − ᾱ) / ᾱ) is linear. */
export function abarAt(table: readonly number[], t: number): number {
  const low = Math.floor(t);
  const rest = t - low;
  const at = (i: number) => table[i] ?? unsupported(`the table of ᾱ has no step ${i}`);
  if (rest === 0) return at(low);
  const logSigma = (i: number) => Math.log((1 - at(i)) / at(i)) / 2;
  const sigma = Math.exp((1 - rest) * logSigma(low) + rest * logSigma(low + 1));
  return 1 / (1 + sigma ** 2);
}

/** The table of ᾱ that a case's network reads. */
export function tableOf(file: SamplingFile, { alphas_cumprod: name }: SamplingCase): readonly number[] {
  if (name === undefined) return unsupported("the case names no table of ᾱ");
  const table = memberOf(file.alphas_cumprod_tables ?? {}, name);
  return table?.data ?? unsupported(`the file has no table of ᾱ named ${name}`);
}
