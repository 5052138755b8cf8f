import * as tf from "@tensorflow/tfjs-core";
import type { Denoise, DenoiseWrapper, NoiseLevel } from "../../../packages/core/src/index.ts";
import { clip, combine, dynamicThreshold, eps, v, x0 } from "../../../packages/diffusion/src/index.ts";
import { unsupported } from "../result.ts";
import type { SamplingCase } from "./file.ts";
import { preserving } from "./ladders.ts";

const meanings = { epsilon: eps(), sample: x0(), v_prediction: v() };

/** x̂_0 and ε̂ from what the network of a case returned, at a variance-preserving level. */
export function meaningOf(
  { prediction = "epsilon" }: SamplingCase,
  { alpha, sigma }: NoiseLevel,
): { readonly skip: number; readonly out: number } {
  return meanings[prediction].at({ t: 1, alpha, sigma }, preserving);
}

/** The guess of a network whose input is variance preserving, for a walk in any scale. */
export function guessFrom(
  golden: SamplingCase,
  network: (x: tf.Tensor4D, call: number) => tf.Tensor4D,
): Denoise {
  let call = 0;
  return (x, { alpha, sigma }) => {
    const length = Math.hypot(alpha, sigma);
    const level = { alpha: alpha / length, sigma: sigma / length };
    const given = combine([1 / length, x]);
    const f = network(given, call++);
    const { skip, out } = meaningOf(golden, level);
    const found = combine([skip, given], [out, f]);
    if (golden.prediction === "epsilon") return { x0: found, eps: f };
    if (golden.prediction === "sample") return { x0: found };
    return { x0: found, eps: combine([level.alpha, f], [level.sigma, given]) };
  };
}

/** Clipping and thresholding as diffusers' options name them. */
export function limits(
  { config = {}, step_arguments: said = {} }: SamplingCase,
  keepEps = false,
): DenoiseWrapper {
  const keep = keepEps && said.use_clipped_model_output !== true;
  if (config.thresholding) {
    return dynamicThreshold({
      ratio: Number(config.dynamic_thresholding_ratio),
      max: Number(config.sample_max_value),
      keepEps: keep,
    });
  }
  if (!config.clip_sample) return (denoise) => denoise;
  const range = Number(config.clip_sample_range ?? 1);
  return clip({ min: -range, max: range, keepEps: keep });
}

/** The second half of a network's channels, from the formula that a case writes out. */
export function withVariance(
  { variance_head: formula }: SamplingCase,
  timeOfCall: (call: number) => number,
): DenoiseWrapper {
  if (formula === undefined) return (denoise) => denoise;
  const wave = (x: tf.Tensor4D, t: number) => tf.sin(tf.add(tf.mul(x, 2), 0.01 * t)) as tf.Tensor4D;
  const head = formula.startsWith("0.8*sin(2*x + 0.01*t)")
    ? (x: tf.Tensor4D, t: number) => tf.mul(wave(x, t), 0.8) as tf.Tensor4D
    : formula === "0.01*exp(0.8*sin(2*x + 0.01*t))"
      ? (x: tf.Tensor4D, t: number) => tf.mul(tf.exp(tf.mul(wave(x, t), 0.8)), 0.01) as tf.Tensor4D
      : unsupported(`the variance head ${formula} is not known`);
  let call = 0;
  return (denoise) => (x, at, guess) => ({ ...denoise(x, at, guess), variance: head(x, timeOfCall(call++)) });
}
