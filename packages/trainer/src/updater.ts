import { disposeParams, type Images, learns, random } from "@ddpm/core";
import { pacer } from "@ddpm/diffusion";
import * as tf from "@tensorflow/tfjs-core";
import { partInputs } from "./batch.ts";
import { clipOf } from "./clip.ts";
import { probe } from "./dropout.ts";
import { accumulateStep, gradientStep } from "./gradient-step.ts";
import type { TrainOptions } from "./options.ts";
import { rateInputs } from "./rates.ts";
import { prefixed, replaced, under } from "./records.ts";
import { learnedParams, type TrainState } from "./state.ts";
import { interpret, type StepFunction } from "./step.ts";
import { recalled } from "./time-learning.ts";
import { updateStep } from "./update-step.ts";

/**
 * One update: the state after `images`, the next batch of the stream. Frees what it replaces. Between microbatches it yields to the
 * event loop, so that Ctrl-C is heard.
 */
export type Updater = (state: TrainState, images: Images) => Promise<Updated>;

/** What an {@link Updater} leaves. */
export interface Updated {
  readonly state: TrainState;
  /** Weighted losses image by image, one tensor per part, where a time sampler learns from them: see {@link TimeLearner}. */
  readonly losses: readonly tf.Tensor[];
}

/** Inputs that belong to one part of a batch, `first` the number of its first image. */
type Feed = (state: TrainState, images: Images, first: number, count: number) => Record<string, tf.Tensor>;

/** Builds the step functions of a training once, so that they can be recorded and replayed. */
export function updater(options: TrainOptions, state: TrainState): Updater {
  const { denoiser, accumulate = 1, compile = interpret } = options;
  const root = random(options.seed);
  const habits = probe(denoiser, state.params, options.images.shape);
  const gradients = gradientStep(denoiser, options.loss, learns(options.times), options.recompute);
  const { optimizer, clip } = options;
  const bounded = clip === undefined ? {} : { clip: clipOf(clip) };
  const update = updateStep({ optimizer, ...bounded, updates: habits.updates });
  const feed: Feed = (before, images, first, count) => {
    const now = { ...options, times: recalled(options.times, before.times) };
    const part = { first, count, update: before.step + 1 };
    return partInputs(now, root, habits, images, before.images, part);
  };
  return accumulate === 1
    ? wholeBatch(options, feed, compile(fused(gradients, update)))
    : partByPart(options, feed, compile(accumulateStep(gradients)), compile(update));
}

/** Gradients and update in one function. */
function fused(gradients: StepFunction, update: StepFunction): StepFunction {
  return (inputs) => {
    const found = gradients(inputs);
    const { losses } = found;
    return {
      ...(losses ? { losses } : {}),
      ...prefixed("params", under("params", found)),
      ...update({ ...inputs, ...found }),
    };
  };
}

function wholeBatch(options: TrainOptions, feed: Feed, step: StepFunction): Updater {
  return async (before, images) => {
    const inputs = {
      ...feed(before, images, before.images, options.batch),
      ...rateInputs(options, before.step + 1, before.images),
    };
    const outputs = step({ ...inputs, ...stateInputs(before) });
    disposeParams(inputs);
    return { state: advance(before, outputs, options.batch), losses: outputs.losses ? [outputs.losses] : [] };
  };
}

function partByPart(
  options: TrainOptions,
  feed: Feed,
  gradients: StepFunction,
  update: StepFunction,
): Updater {
  const { denoiser, batch, accumulate = 1 } = options;
  const count = batch / accumulate;
  const pause = pacer();
  return async (before, images) => {
    let state = before;
    let sums = zeroSums(denoiser, state);
    let reached: Record<string, tf.Tensor> = {};
    const each: tf.Tensor[] = [];
    for (let part = 0; part < accumulate; part++) {
      const inputs = {
        ...feed(before, images, before.images + part * count, count),
        share: tf.scalar(1 / accumulate),
      };
      const outputs = gradients({ ...inputs, ...prefixed("params", state.params), ...prefixed("sum", sums) });
      disposeParams(inputs);
      const { loss, losses, ...rest } = outputs;
      if (losses) each.push(losses);
      reached = { loss: loss!, ...prefixed("gradients", under("gradients", rest)) };
      sums = { ...replaced(sums, reached) };
      state = { ...state, params: replaced(state.params, under("params", rest)) };
      await pause();
    }
    const rates = rateInputs(options, before.step + 1, before.images);
    const outputs = update({ ...rates, ...reached, ...stateInputs(state) });
    disposeParams(rates);
    disposeParams(sums);
    return { state: advance(state, outputs, batch), losses: each };
  };
}

function zeroSums(denoiser: TrainOptions["denoiser"], { params }: TrainState): Record<string, tf.Tensor> {
  const learned = Object.entries(learnedParams(denoiser, params));
  const zeros = learned.map(([name, { shape }]) => [`gradients/${name}`, tf.zeros(shape)] as const);
  return { loss: tf.scalar(0), ...Object.fromEntries(zeros) };
}

function stateInputs({ params, ema = {}, optimizer, totals }: TrainState): Record<string, tf.Tensor> {
  return {
    ...prefixed("params", params),
    ...prefixed("ema", ema),
    ...prefixed("optimizer", optimizer),
    ...prefixed("totals", totals),
  };
}

/** The state with what a step put out in place of what it had. */
function advance(state: TrainState, outputs: ReturnType<StepFunction>, batch: number): TrainState {
  return {
    ...state,
    params: replaced(state.params, under("params", outputs)),
    ...(state.ema ? { ema: replaced(state.ema, under("ema", outputs)) } : {}),
    optimizer: replaced(state.optimizer, under("optimizer", outputs)),
    totals: replaced(state.totals, under("totals", outputs)),
    images: state.images + batch,
    step: state.step + 1,
    sinceLog: state.sinceLog + 1,
  };
}
