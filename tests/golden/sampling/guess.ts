import type * as tf from "@tensorflow/tfjs-core";
import type { Denoise, DenoiseWrapper, NoiseLevel } from "../../../packages/core/src/index.ts";
import { combine } from "../../../packages/diffusion/src/authoring.ts";
import { clip, dynamicThreshold, eps, v, x0 } from "../../../packages/diffusion/src/index.ts";
import type { Declared } from "../declared.ts";
import type { SamplingCase } from "./file.ts";
import { formulaOf, tensorLike, withoutRemarks } from "./formula.ts";
import { preserving } from "./ladders.ts";
import { type Prediction, predictionOf } from "./stub.ts";

const meanings = { epsilon: eps(), sample: x0(), v_prediction: v() };

/** x̂_0 and ε̂ from what a network returned, at a variance-preserving level. */
function meaningOf(
  prediction: Prediction,
  { alpha, sigma }: NoiseLevel,
): { readonly skip: number; readonly out: number } {
  return meanings[prediction].at({ t: 1, alpha, sigma }, preserving);
}

/** The guess of a network whose input is variance preserving, for a sampler in any scale. */
export function guessFrom(golden: SamplingCase, network: (x: tf.Tensor, call: number) => tf.Tensor): Denoise {
  const prediction = predictionOf(golden);
  let call = 0;
  return (x, { alpha, sigma }) => {
    const length = Math.hypot(alpha, sigma);
    const level = { alpha: alpha / length, sigma: sigma / length };
    const given = combine([1 / length, x]);
    const f = network(given, call++);
    const { skip, out } = meaningOf(prediction, level);
    const found = combine([skip, given], [out, f]);
    if (prediction === "epsilon") return { x0: found, eps: f };
    if (prediction === "sample") return { x0: found };
    return { x0: found, eps: combine([level.alpha, f], [level.sigma, given]) };
  };
}

/** Clipping and thresholding as diffusers' options name them. */
export function limits(
  config: Declared,
  { step_arguments: given = {} }: SamplingCase,
  keepEps = false,
): DenoiseWrapper {
  const keep = keepEps && given.use_clipped_model_output !== true;
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

/** The second half of a network's channels, from the formula in x and t that a case writes out. */
export function withVariance(
  { variance_head: text }: SamplingCase,
  timeOfCall: (call: number) => number,
): DenoiseWrapper {
  if (text === undefined) return (denoise) => denoise;
  const formula = formulaOf(withoutRemarks(text), ["x", "t"]);
  let call = 0;
  return (denoise) => (x, at, guess) => ({
    ...denoise(x, at, guess),
    variance: tensorLike(formula({ x, t: timeOfCall(call++) }), x),
  });
}
