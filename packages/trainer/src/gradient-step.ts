import { type Denoiser, expectShape, fail, type Mode, type Params } from "@ddpm/core";
import { batchLoss, type ElementLoss, type LossInputs, ownGuess } from "@ddpm/diffusion";
import * as tf from "@tensorflow/tfjs-core";
import { mapTogether } from "./bundles.ts";
import { prefixed, under } from "./records.ts";
import { learnedParams } from "./state.ts";
import type { StepFunction } from "./step.ts";

/**
 * One part of a batch → loss and gradients.
 *
 * In: `params/…`, `x0` and `eps` [B, H, W, C], `labels` [B], `image` [B, H, W, C'] and `vector` [B, N] (or none), the columns of
 * `lossColumns` [B], `shown` [B] for a network that conditions on itself, `dropout/…`. Out: `loss`,
 * `gradients/…` of the weights that the loss depends on, `params/…` that the network itself changed; with `each`
 * also `losses` [B], image by image. `recompute` is the mode's.
 */
export function gradientStep(
  denoiser: Denoiser,
  loss: ElementLoss,
  each = false,
  recompute = false,
): StepFunction {
  return (inputs) => {
    const params = under("params", inputs);
    const learned = Object.entries(learnedParams(denoiser, params));
    const changed: Record<string, tf.Tensor> = {};
    const mode = { ...trainingMode(inputs, changed), recompute };
    const losses: Record<string, tf.Tensor> = {};
    const given = withGuess(denoiser, params, inputs);
    const run = (): tf.Scalar => {
      const found = batchLoss({ denoiser, loss }, params, given, mode);
      if (each) losses.losses = tf.keep(tf.clone(found.perImage));
      return found.loss;
    };
    const weights = learned.map(([, value]) => value);
    const { value, grads } = tf.engine().gradients(run, weights, undefined, true);
    const gradients: Record<string, tf.Tensor> = {};
    learned.forEach(([name], i) => {
      if (grads[i]) gradients[name] = grads[i];
    });
    return { loss: value, ...losses, ...prefixed("gradients", gradients), ...prefixed("params", changed) };
  };
}

/** The inputs with the network's own guess, made before anything is recorded for gradients. */
function withGuess(
  denoiser: Denoiser,
  params: Params,
  inputs: Readonly<Record<string, tf.Tensor>>,
): LossInputs {
  const given = inputs as unknown as LossInputs;
  if (!inputs.shown) return given;
  return { ...given, guess: ownGuess(denoiser, params, given, inputs.shown as tf.Tensor1D) };
}

/**
 * Adds a part of a batch to the parts before it: `loss` and `gradients/…` of {@link gradientStep} times `share`, plus
 * `sum/loss` and `sum/gradients/…`.
 */
export function accumulateStep(gradients: StepFunction): StepFunction {
  return (inputs) => {
    const share = inputs.share!;
    const sums = under("sum", inputs);
    const found = gradients(inputs);
    const added = Object.fromEntries(Object.entries(found).filter(([key]) => sums[key]));
    return { ...found, ...mapTogether(added, (value, like) => tf.add(like(sums), tf.mul(value, share))) };
  };
}

/** Dropout from the inputs; new statistics into `changed`, kept beyond the tape's own tidy. */
function trainingMode(inputs: Readonly<Record<string, tf.Tensor>>, changed: Record<string, tf.Tensor>): Mode {
  return {
    training: true,
    uniform(name, shape) {
      const mask =
        inputs[`dropout/${name}`] ?? fail("trainer", `dropout layer "${name}" was not there at first.`);
      expectShape("trainer", `dropout layer "${name}"`, shape, mask.shape);
      return mask;
    },
    update(name, value) {
      changed[name] = tf.keep(tf.clone(value));
    },
  };
}
