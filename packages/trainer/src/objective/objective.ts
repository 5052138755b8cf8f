import type { Mode, Params } from "@ddpm/core";
import type { BatchLoss, Samples } from "@ddpm/core/authoring";
import type { Part } from "../batch/part.ts";
import type { TrainingBehaviour } from "../batch/training-behaviour.ts";
import type { TrainState } from "../loop/state.ts";
import type { Network } from "./network.ts";

/** A part of a batch as tensors. */
export interface BatchInputs {
  /** Uniform numbers by dropout layer. */
  readonly dropout: Params;
}

/** A loss as a function of the weights, and the network whose weights they are. */
export interface Minimised<Inputs extends BatchInputs> {
  readonly network: Network;
  /** What needs no gradient; makes more of the inputs before anything is recorded. */
  prepare?(params: Params, inputs: Inputs): Inputs;
  loss(params: Params, inputs: Inputs, mode: Mode): BatchLoss;
}

/** What the loop minimises, and how it makes tensors of samples: a denoiser's loss, or any other. */
export interface LoopObjective<Inputs extends BatchInputs = BatchInputs> extends Minimised<Inputs> {
  /** Whether losses of samples are wanted, for an observer. */
  readonly each: boolean;
  behaviour(params: Params): TrainingBehaviour;
  /**
   * Everything random and everything read, as tensors, the caller's to dispose: functions of (seed, k) alone.
   *
   * @param samples the whole batch that follows `state`
   */
  inputs(behaviour: TrainingBehaviour, state: TrainState, samples: Samples, part: Part): Inputs;
}
