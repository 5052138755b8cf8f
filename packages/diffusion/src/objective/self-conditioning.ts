import { type Denoiser, INFERENCE, type Params } from "@ddpm/core";
import { conditionOf } from "@ddpm/core/authoring";
import * as tf from "@tensorflow/tfjs-core";
import { diffuse } from "../process/diffuse.ts";
import { perSample } from "../process/per-sample.ts";
import type { LossInputs } from "./batch-loss.ts";
import { mixed, networkOutput } from "./network-output.ts";

/**
 * What a network that conditions on itself makes of a batch at first, for the `guess` of {@link LossInputs}: its x̂_0
 * without a guess, as at sampling without dropout; and zeros for the samples that are not to be shown theirs.
 *
 * Call it where no gradients are taken. The same graph for every batch: which samples are shown theirs is an input, so
 * the pass is made for all of them.
 *
 * Source: Chen et al. 2022, "Analog Bits", algorithm 1; lucidrains/denoising-diffusion-pytorch 2.3.1, `p_losses`, which
 * throws one coin for a whole batch and leaves dropout on.
 *
 * @param shown [B], 1 for a sample that is shown its guess, else 0
 * @returns     [B, …, C]
 */
export function selfConditioningGuess(
  denoiser: Denoiser,
  params: Params,
  inputs: LossInputs,
  shown: tf.Tensor1D,
): tf.Tensor {
  const { guess: _, ...first } = inputs;
  const { x0, eps, alpha, sigma, skip, out } = inputs;
  const x = diffuse(x0, eps, alpha, sigma);
  const output = networkOutput(denoiser, params, x, inputs, conditionOf(first), INFERENCE);
  return tf.mul(mixed(output, x, skip, out), perSample(shown, x0));
}
