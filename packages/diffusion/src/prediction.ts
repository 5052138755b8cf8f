import { type Denoised, fail, type Moment, type NoiseLevel, type Prediction } from "@ddpm/core";
import type { Tensor4D } from "@tensorflow/tfjs-core";
import { combine } from "./combine.ts";

/** The guess at `at`, as a sampler hands it on. */
export function predict(x: Tensor4D, at: Moment, denoise: (x: Tensor4D, at: Moment) => Denoised): Prediction {
  return { ...denoise(x, at), x, at };
}

/**
 * The noise guess ε̂: the one that came with the prediction, else (x − alpha · x̂_0) / sigma.
 *
 * @throws DdpmError where sigma = 0, since clean images show no noise
 */
export function epsOf({ x, x0, eps, at }: Prediction): Tensor4D {
  if (eps) return eps;
  if (at.sigma === 0) {
    fail("diffusion/eps", "noise asked for at sigma = 0.", "Start from a time above 0.");
  }
  return combine([1 / at.sigma, x], [-at.alpha / at.sigma, x0]);
}

/**
 * alpha · x̂_0 + scale · ε̂: images at another level along the guess (Song et al. 2020, "DDIM", eq. 12).
 * Without a noise guess of its own the prediction is folded into one combination of x and x̂_0.
 *
 * @param alpha what x̂_0 counts
 * @param scale what ε̂ counts; the level's sigma for a deterministic move
 */
export function moveTo(prediction: Prediction, { alpha, sigma: scale }: NoiseLevel): Tensor4D {
  const { x, x0, eps, at } = prediction;
  if (eps) return combine([alpha, x0], [scale, eps]);
  if (at.sigma === 0) return combine([alpha, x0], [scale, epsOf(prediction)]);
  const share = scale / at.sigma;
  return combine([share, x], [alpha - at.alpha * share, x0]);
}
