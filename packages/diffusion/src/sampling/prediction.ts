import { type Denoised, fail, type Moment, type NoiseLevel, type Prediction } from "@ddpm/core";
import type { Tensor } from "@tensorflow/tfjs-core";
import { combine, type Term } from "./arithmetic/combine.ts";

/** The guess at `at`, as a sampler hands it on. */
export function predict(x: Tensor, at: Moment, denoise: (x: Tensor, at: Moment) => Denoised): Prediction {
  return { ...denoise(x, at), x, at };
}

/**
 * weight · ε̂ in terms of tensors that are there: the noise guess that came with the prediction, else (x − alpha · x̂_0) / sigma.
 * Combined with other terms, the coefficients of x meet in float64.
 *
 * @param x what the prediction's x is the sum of, where it was combined for it
 * @throws DdpmError where sigma = 0, since clean images show no noise
 */
export function epsTerms(
  prediction: Prediction,
  weight: number,
  x: readonly Term[] = [[1, prediction.x]],
): readonly Term[] {
  const { x0, eps, at } = prediction;
  if (eps) return [[weight, eps]];
  if (at.sigma === 0) {
    fail("diffusion/eps", "noise asked for at sigma = 0.", "Start from a time above 0.");
  }
  const share = weight / at.sigma;
  return [...x.map(([factor, tensor]): Term => [share * factor, tensor]), [-share * at.alpha, x0]];
}

/** The noise guess ε̂ by itself: {@link epsTerms}, combined. */
export function epsOf(prediction: Prediction): Tensor {
  return prediction.eps ?? combine(...epsTerms(prediction, 1));
}

/** What {@link moveTo} combines. */
export function moveTerms(prediction: Prediction, { alpha, sigma: scale }: NoiseLevel): readonly Term[] {
  return [[alpha, prediction.x0], ...epsTerms(prediction, scale)];
}

/**
 * alpha · x̂_0 + sigma · ε̂: images at another level along the guess (Song et al. 2020, "DDIM", eq. 12).
 * Without a noise guess of its own the prediction is folded into one combination of x and x̂_0.
 *
 * @param level alpha is what x̂_0 counts, sigma what ε̂ counts: the level to go to, for a deterministic move
 */
export function moveTo(prediction: Prediction, level: NoiseLevel): Tensor {
  return combine(...moveTerms(prediction, level));
}
