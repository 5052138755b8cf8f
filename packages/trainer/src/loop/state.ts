import { disposeParams, mapParams, type Params, random } from "@ddpm/core";
import type { TimeMemory } from "@ddpm/core/authoring";
import * as tf from "@tensorflow/tfjs-core";
import type { Network } from "../objective/network.ts";
import type { Optimizer } from "../optimizers/optimizer.ts";

/** Sums on the device since the last log point, each of shape []: see {@link readTotals}. */
export type Totals = Readonly<Record<"loss" | "norm" | "finite", tf.Scalar>>;

/** The tensors of a training: what an update replaces. */
export interface TrainTensors {
  readonly params: Params;
  /** Averaged weights, same names; absent when none are kept. */
  readonly ema?: Params;
  /** Moments and the like, as the optimiser names them. */
  readonly optimizer: Params;
  readonly totals: Totals;
}

/** What a sampler of training times knows, and what it is about to learn. */
export interface LearnedTimes {
  readonly memory: TimeMemory;
  /** Times and unweighted losses of the last update's images, which it learns after the next one. */
  readonly unlearned?: TimedLosses;
}

/** Times that were trained at, and the unweighted loss at each. */
export interface TimedLosses {
  readonly times: readonly number[];
  readonly losses: readonly number[];
}

/** All that a training resumes from: tensors and numbers. Everything random follows from the seed and `images`. */
export interface TrainState extends TrainTensors {
  /** What a sampler of training times has learned; absent where none learns. */
  readonly times?: LearnedTimes;
  /** Images seen. */
  readonly images: number;
  /** Updates made. */
  readonly step: number;
  /** Updates in `totals`. */
  readonly sinceLog: number;
}

/** What {@link initialState} starts from. */
export interface StartOptions {
  /** The network, or whatever else has parameters. */
  readonly denoiser: Pick<Network, "specs" | "init">;
  readonly optimizer: Optimizer;
  readonly seed: number;
  /** Keep averaged weights. */
  readonly ema?: unknown;
}

/** Fresh weights from the seed's stream `init`, no updates made. The caller's to dispose. */
export function initialState({ denoiser, optimizer, seed, ema }: StartOptions): TrainState {
  const params = denoiser.init(random(seed).fork("init"));
  const learned = learnedParams(denoiser, params);
  return {
    params,
    ...(ema ? { ema: mapParams(params, (value) => tf.clone(value)) } : {}),
    optimizer: optimizer.init(learned),
    totals: zeroTotals(),
    images: 0,
    step: 0,
    sinceLog: 0,
  };
}

/** The tensors of a state, without its numbers. */
export function tensorsOf({ params, ema, optimizer, totals }: TrainState): TrainTensors {
  return { params, ...(ema ? { ema } : {}), optimizer, totals };
}

/** The record with some values replaced; those replaced are freed. */
export function replaced<Record extends Params>(before: Record, changed: Params): Record {
  for (const name of Object.keys(changed)) before[name]?.dispose();
  return { ...before, ...changed };
}

/** Frees every tensor of a state. */
export function disposeState(state: TrainState): void {
  for (const params of [state.params, state.ema, state.optimizer, state.totals]) {
    if (params) disposeParams(params);
  }
}

/** The weights that training learns, in the order of `specs`. */
export function learnedParams({ specs }: Pick<Network, "specs">, params: Params): Params {
  const names = specs.filter(({ trainable }) => trainable).map(({ name }) => name);
  return Object.fromEntries(names.map((name) => [name, params[name]!]));
}

/** Empty sums. */
export function zeroTotals(): Totals {
  return { loss: tf.scalar(0), norm: tf.scalar(0), finite: tf.scalar(0) };
}
