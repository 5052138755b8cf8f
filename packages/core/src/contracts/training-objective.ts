import type { Scalar, Tensor1D } from "@tensorflow/tfjs-core";
import type { Random } from "../random/random.ts";
import type { Samples } from "./dataset.ts";
import type { Mode, ParamSpec } from "./denoiser.ts";
import type { Params } from "./params.ts";
import type { TensorTree } from "./step.ts";

/** The loss of a batch, and of each of its samples. */
export interface BatchLoss {
  /** Mean over samples, []. */
  readonly loss: Scalar;
  /** [B] */
  readonly perSample: Tensor1D;
}

/** What a training minimises, where that is not the loss of a denoiser: pure functions of weights and tensors. */
export interface TrainingObjective<Inputs extends TensorTree = TensorTree> {
  readonly name: string;
  /** Every parameter in order. */
  readonly specs: readonly ParamSpec[];
  /** Fresh parameters, one tensor per spec, each from its own fork of `random`. */
  init(random: Random): Params;
  /**
   * Samples and everything random about them as tensors, each with the samples on its first axis. What is random for sample k
   * comes from `random.fork(k)`, or forks of names of it.
   *
   * @param samples [B, …, C]
   * @param first   number of the first of them in the stream
   * @returns tensors, the caller's to dispose
   */
  inputs(samples: Samples, random: Random, first: number): Inputs;
  /** The same graph for every batch of a shape: called inside tf.tidy or a recorded step. */
  loss(params: Params, inputs: Inputs, mode: Mode): BatchLoss;
  /**
   * @param shape […, C] of the samples
   * @throws DdpmError for samples that it does not take
   */
  checkSamples(shape: readonly number[]): void;
}
