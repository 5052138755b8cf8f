import { type Params, random } from "@ddpm/core";
import type { Samples } from "@ddpm/core/authoring";
import { learns } from "@ddpm/core/authoring";
import { disposeTree, interpret } from "@ddpm/core/step";
import { eventLoopYielder } from "@ddpm/diffusion/authoring";
import * as tf from "@tensorflow/tfjs-core";
import { type PartInputs, partInputs } from "../batch/part-inputs.ts";
import { probe } from "../batch/training-behaviour.ts";
import { clipOf } from "../clips/clip-of.ts";
import { accumulateStep, type GradientInputs, type Gradients, gradientStep } from "./gradient.ts";
import { learnedObjective } from "./learned-times.ts";
import { type UpdateInputs, updateStep } from "./optimizer-step.ts";
import type { TrainingLoopOptions } from "./options.ts";
import { learnedParams, replaced, type TrainState, type TrainTensors, tensorsOf } from "./state.ts";
import { rateInputs } from "./update-rates.ts";

/**
 * One update: the state after `images`, the next batch of the stream. Frees what it replaces. Between microbatches it yields to the
 * event loop, so that Ctrl-C is heard.
 */
export type Updater = (state: TrainState, images: Samples) => Promise<Updated>;

/** What an {@link Updater} leaves. */
export interface Updated {
  readonly state: TrainState;
  /** Weighted losses image by image, one tensor per part, where a time sampler learns from them: see {@link Observer}. */
  readonly losses: readonly tf.Tensor[];
}

type GradientStep = (inputs: GradientInputs) => Gradients;
type UpdateStep = (inputs: UpdateInputs) => TrainTensors;

/** Inputs that belong to one part of a batch, `first` the number of its first image. */
type Feed = (state: TrainState, images: Samples, first: number, count: number) => PartInputs;

/** Builds the step functions of a training once, so that they can be recorded and replayed. */
export function updater(options: TrainingLoopOptions, state: TrainState): Updater {
  const { denoiser, loss, times, accumulate = 1, optimizer, clip, recompute = false } = options;
  const root = random(options.seed);
  const behaviour = probe(denoiser, state.params, options.images.shape);
  const gradients = gradientStep({ denoiser, loss, each: learns(times), recompute });
  const bounded = clip === undefined ? {} : { clip: clipOf(clip) };
  const update = updateStep({ optimizer, ...bounded, updates: behaviour.updates });
  const feed: Feed = (before, images, first, count) => {
    const now = { ...options, ...learnedObjective(options, before.times) };
    const part = { first, count, update: before.step + 1 };
    return partInputs(now, root, behaviour, images, before.images, part);
  };
  return accumulate === 1
    ? wholeBatch(options, feed, gradients, update)
    : partByPart(options, feed, gradients, update);
}

/** Gradients and update in one step. */
function wholeBatch(
  options: TrainingLoopOptions,
  feed: Feed,
  gradientsOf: GradientStep,
  update: UpdateStep,
): Updater {
  const { batch, compile = interpret } = options;
  const step = compile(
    ({ part, state, rates }: { part: PartInputs } & Pick<UpdateInputs, "state" | "rates">) => {
      const { loss, gradients, statistics, losses } = gradientsOf({ params: state.params, part });
      const params = { ...state.params, ...statistics };
      const updated = update({ state: { ...state, params }, gradients, loss, rates });
      const tensors = { ...updated, params: { ...statistics, ...updated.params } };
      return { tensors, ...(losses ? { losses } : {}) };
    },
  );
  return async (before, images) => {
    const part = feed(before, images, before.images, batch);
    const rates = rateInputs(options, before.step + 1, before.images);
    const { tensors, losses } = step({ part, rates, state: tensorsOf(before) });
    disposeTree({ part, rates });
    return { state: advance(before, tensors, batch), losses: losses ? [losses] : [] };
  };
}

/** Gradients part by part, their sum kept, then the update. */
function partByPart(
  options: TrainingLoopOptions,
  feed: Feed,
  gradientsOf: GradientStep,
  updateOf: UpdateStep,
): Updater {
  const { denoiser, batch, accumulate = 1, compile = interpret } = options;
  const count = batch / accumulate;
  const add = compile(accumulateStep(gradientsOf));
  const update = compile(updateOf);
  const pause = eventLoopYielder();
  return async (before, images) => {
    let state = before;
    const zeros = zeroGradients(denoiser, state);
    let sums = { loss: tf.scalar(0), gradients: zeros };
    let reached = sums;
    const losses: tf.Tensor[] = [];
    for (let number = 0; number < accumulate; number++) {
      const part = feed(before, images, before.images + number * count, count);
      const share = tf.scalar(1 / accumulate);
      const found = add({ params: state.params, part, share, sums });
      disposeTree({ part, share });
      if (found.losses) losses.push(found.losses);
      sums.loss.dispose();
      reached = { loss: found.loss, gradients: found.gradients };
      sums = { loss: found.loss, gradients: replaced(sums.gradients, found.gradients) };
      state = { ...state, params: replaced(state.params, found.statistics) };
      await pause();
    }
    const rates = rateInputs(options, before.step + 1, before.images);
    const updated = update({ state: tensorsOf(state), ...reached, rates });
    disposeTree({ rates, sums });
    return { state: advance(state, updated, batch), losses };
  };
}

function zeroGradients(denoiser: TrainingLoopOptions["denoiser"], { params }: TrainState): Params {
  const learned = Object.entries(learnedParams(denoiser, params));
  return Object.fromEntries(learned.map(([name, { shape }]) => [name, tf.zeros(shape)]));
}

/** The state with what a step returned in place of what it had, which is freed. */
function advance(state: TrainState, tensors: TrainTensors, batch: number): TrainState {
  const { params, ema = {}, optimizer, totals } = tensors;
  return {
    ...state,
    params: replaced(state.params, params),
    ...(state.ema ? { ema: replaced(state.ema, ema) } : {}),
    optimizer: replaced(state.optimizer, optimizer),
    totals: replaced(state.totals, totals),
    images: state.images + batch,
    step: state.step + 1,
    sinceLog: state.sinceLog + 1,
  };
}
