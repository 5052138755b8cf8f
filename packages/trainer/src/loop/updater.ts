import type { Params } from "@ddpm/core";
import type { Samples } from "@ddpm/core/authoring";
import { disposeTree, interpret } from "@ddpm/core/step";
import { eventLoopYielder } from "@ddpm/diffusion/authoring";
import * as tf from "@tensorflow/tfjs-core";
import { clipOf } from "../clips/clip-of.ts";
import { denoisingObjective } from "../objective/denoising.ts";
import { givenObjective } from "../objective/given.ts";
import type { Network } from "../objective/network.ts";
import type { BatchInputs, LoopObjective } from "../objective/objective.ts";
import { accumulateStep, type GradientInputs, type Gradients, gradientStep } from "./gradient.ts";
import { type UpdateInputs, updateStep } from "./optimizer-step.ts";
import { type AnyLoopOptions, hasObjective, type LoopOptions } from "./options.ts";
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

type GradientStep<Inputs extends BatchInputs> = (inputs: GradientInputs<Inputs>) => Gradients;
type UpdateStep = (inputs: UpdateInputs) => TrainTensors;

/** Inputs that belong to one part of a batch, `first` the number of its first image. */
type Feed<Inputs> = (state: TrainState, images: Samples, first: number, count: number) => Inputs;

/** What {@link wholeBatch} and {@link partByPart} are built from. */
interface Steps<Inputs extends BatchInputs> {
  readonly feed: Feed<Inputs>;
  readonly gradients: GradientStep<Inputs>;
  readonly update: UpdateStep;
}

/** Builds the step functions of a training once, so that they can be recorded and replayed. */
export function updater(options: AnyLoopOptions, state: TrainState): Updater {
  return hasObjective(options)
    ? updaterOf(options, givenObjective(options), state)
    : updaterOf(options, denoisingObjective(options), state);
}

function updaterOf<Inputs extends BatchInputs>(
  options: LoopOptions,
  objective: LoopObjective<Inputs>,
  state: TrainState,
): Updater {
  const { accumulate = 1, optimizer, clip, recompute = false } = options;
  const behaviour = objective.behaviour(state.params);
  const bounded = clip === undefined ? {} : { clip: clipOf(clip) };
  const steps: Steps<Inputs> = {
    feed: (before, images, first, count) =>
      objective.inputs(behaviour, before, images, { first, count, update: before.step + 1 }),
    gradients: gradientStep(objective, { each: objective.each, recompute }),
    update: updateStep({ optimizer, ...bounded, updates: behaviour.updates }),
  };
  return accumulate === 1 ? wholeBatch(options, steps) : partByPart(options, objective, steps);
}

/** Gradients and update in one step. */
function wholeBatch<Inputs extends BatchInputs>(
  options: LoopOptions,
  { feed, gradients: gradientsOf, update }: Steps<Inputs>,
): Updater {
  const { batch, compile = interpret } = options;
  const step = compile(({ part, state, rates }: { part: Inputs } & Pick<UpdateInputs, "state" | "rates">) => {
    const { loss, gradients, statistics, losses } = gradientsOf({ params: state.params, part });
    const params = { ...state.params, ...statistics };
    const updated = update({ state: { ...state, params }, gradients, loss, rates });
    const tensors = { ...updated, params: { ...statistics, ...updated.params } };
    return { tensors, ...(losses ? { losses } : {}) };
  });
  return async (before, images) => {
    const part = feed(before, images, before.images, batch);
    const rates = rateInputs(options, before.step + 1, before.images);
    const { tensors, losses } = step({ part, rates, state: tensorsOf(before) });
    disposeTree({ part, rates });
    return { state: advance(before, tensors, batch), losses: losses ? [losses] : [] };
  };
}

/** Gradients part by part, their sum kept, then the update. */
function partByPart<Inputs extends BatchInputs>(
  options: LoopOptions,
  { network }: LoopObjective<Inputs>,
  { feed, gradients: gradientsOf, update: updateOf }: Steps<Inputs>,
): Updater {
  const { batch, accumulate = 1, compile = interpret } = options;
  const count = batch / accumulate;
  const add = compile(accumulateStep(gradientsOf));
  const update = compile(updateOf);
  const pause = eventLoopYielder();
  return async (before, images) => {
    let state = before;
    const zeros = zeroGradients(network, state);
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

function zeroGradients(network: Network, { params }: TrainState): Params {
  const learned = Object.entries(learnedParams(network, params));
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
