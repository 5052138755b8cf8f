import { type Denoiser, type Params, random } from "@ddpm/core";
import { learns } from "@ddpm/core/authoring";
import {
  batchLoss,
  type ElementLoss,
  type LossInputs,
  selfConditioningGuess,
} from "@ddpm/diffusion/authoring";
import { type PartInputs, partInputs } from "../batch/part-inputs.ts";
import { probe } from "../batch/training-behaviour.ts";
import { learnedObjective } from "../loop/learned-times.ts";
import type { TrainingLoopOptions } from "../loop/options.ts";
import type { LoopObjective, Minimised } from "./objective.ts";

/** The loss of a denoiser's output at drawn times. */
export function denoising({
  denoiser,
  loss,
}: {
  readonly denoiser: Denoiser;
  readonly loss: ElementLoss;
}): Minimised<PartInputs> {
  return {
    network: denoiser,
    prepare: (params, inputs) => withGuess(denoiser, params, inputs),
    loss: (params, inputs, mode) => batchLoss({ denoiser, loss }, params, inputs, mode),
  };
}

/** {@link denoising} with all that a training draws for it. */
export function denoisingObjective(options: TrainingLoopOptions): LoopObjective<PartInputs> {
  const { denoiser, loss, times, images, seed } = options;
  const root = random(seed);
  return {
    ...denoising({ denoiser, loss }),
    each: learns(times),
    behaviour: (params) => probe(denoiser, params, images.shape),
    inputs(behaviour, state, samples, part) {
      const now = { ...options, ...learnedObjective(options, state.times) };
      return partInputs(now, root, behaviour, samples, state.images, part);
    },
  };
}

/** The inputs with the network's own prediction. */
function withGuess(denoiser: Denoiser, params: Params, { shown, ...inputs }: PartInputs): PartInputs {
  if (!shown) return inputs;
  const given: LossInputs = inputs;
  return { ...inputs, guess: selfConditioningGuess(denoiser, params, given, shown) };
}
