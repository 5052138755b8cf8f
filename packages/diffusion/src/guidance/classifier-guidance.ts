import { type DenoiseWrapper, fail, type Moment } from "@ddpm/core";
import { noSignal } from "@ddpm/core/authoring";
import type { Tensor } from "@tensorflow/tfjs-core";
import { combine } from "../sampling/arithmetic/combine.ts";
import { epsOf } from "../sampling/prediction.ts";

/** What {@link classifierGuidance} follows. */
export interface ClassifierGuidanceOptions {
  /** ∇ₓ ln p(y | x) at a noisy x, [B, …, C], times the wanted strength. */
  gradient(x: Tensor, at: Moment): Tensor;
  /**
   * Shift the mean of DDPM's steps by variance · gradient (`mean`), or the noise guess by −sigma · gradient (`score`),
   * which every sampler follows.
   */
  readonly shift: "mean" | "score";
}

/**
 * Leads samples towards what a classifier of noisy images sees.
 *
 * Source: Dhariwal and Nichol 2021, "Diffusion Models Beat GANs", algorithms 1 (mean) and 2 (score).
 *
 * @throws DdpmError from the returned function, with the shift `score` at a level without signal
 */
export function classifierGuidance({ gradient, shift }: ClassifierGuidanceOptions): DenoiseWrapper {
  return (denoise) => (x, at, guess) => {
    if (shift === "score" && noSignal(at)) {
      fail(
        "diffusion/classifier-guidance",
        `at t = ${at.t} no signal is left, and a shifted noise guess says nothing about the image there.`,
        'Take the shift "mean" with the sampler ddpm, or start at a time below 1.',
      );
    }
    const found = denoise(x, at, guess);
    const push = gradient(x, at);
    if (shift === "mean") return { ...found, push };
    return {
      ...found,
      x0: combine([1, found.x0], [at.sigma ** 2 / at.alpha, push]),
      eps: combine([1, epsOf({ ...found, x, at })], [-at.sigma, push]),
    };
  };
}
