import type { Tensor } from "@tensorflow/tfjs-core";
import type { Moment, NoiseSchedule } from "./noise.ts";

/** What is known about the clean samples behind x. */
export interface Denoised {
  /** Best guess of the clean samples, [B, …, C]. */
  readonly x0: Tensor;
  /** The noise guess; left out: (x − alpha · x0) / sigma. A clipped x0 may keep the guess from before. */
  readonly eps?: Tensor;
  /** ∇ₓ ln p(y | x), [B, …, C]: samplers that have a variance add variance · push to their mean. */
  readonly push?: Tensor;
  /** Raw variance channels of a network that learns them, [B, …, C]. */
  readonly variance?: Tensor;
}

/**
 * x [B, …, C] at a moment → what is behind it. Called inside tf.tidy.
 *
 * @param guess the last guess of x_0, [B, …, C], where the loop conditions the network on it
 */
export type Denoise = (x: Tensor, at: Moment, guess?: Tensor) => Denoised;

/** Guidance, clipping, thresholding, call counting: they compose. */
export type DenoiseWrapper = (denoise: Denoise) => Denoise;

/** A guess and where it was made. */
export interface Prediction extends Denoised {
  readonly x: Tensor;
  readonly at: Moment;
}

/** All a step may look at; tensors are the loop's. */
export interface StepInput {
  /** Samples at `from`, [B, …, C]. */
  readonly x: Tensor;
  readonly from: Moment;
  /** Where to go; for an adaptive sampler the end of the whole way. */
  readonly to: Moment;
  readonly denoise: Denoise;
  readonly schedule: NoiseSchedule;
  /** Fresh ε ~ N(0, I) in the shape of x; the loop owns the seed. */
  noise(): Tensor;
  /** The last `memory` predictions, newest first. */
  readonly history: readonly Prediction[];
  /** This is step `index` of `count`. */
  readonly index: number;
  readonly count: number;
  /** What the last step returned as `memo`; undefined at first. */
  readonly memo: unknown;
}

/** Tensors returned here must be new or part of the input. */
export interface StepOutput {
  /** Samples at `to` (adaptive: at `at`), [B, …, C]. */
  readonly x: Tensor;
  /** The guess the step started from: shown as preview, kept in `history`. */
  readonly prediction: Prediction;
  /** Where an adaptive sampler landed. */
  readonly at?: Moment;
  /** Plain numbers to find again in the next step's `memo`. */
  readonly memo?: unknown;
}

/** One way from noise to data: a pure step. The loop owns time, noise, history, memory, abort and progress. */
export interface Sampler {
  readonly name: string;
  /** Convergence order on the probability-flow ODE; 0 marks a sampler that adds noise. */
  readonly order: number;
  /** Past predictions wanted in `history`; 0 when left out. */
  readonly memory?: number;
  /** Network calls of a usual step; 1 when left out. */
  readonly calls?: number;
  /**
   * Made for consistency models, whose guess is not the mean of the samples that may be behind x: it is where the
   * probability-flow ODE ends (`end`), or leads along it in long steps (`trajectory`). With the guesses of other
   * networks such a sampler does not end with the data's distribution.
   */
  readonly consistency?: "end" | "trajectory";
  /** Chooses its own times, by the whole batch: only the first and the last are given to it. */
  readonly adaptive?: boolean;
  /**
   * Called inside tf.tidy: a plugin keeps nothing and disposes nothing.
   *
   * @throws DdpmError for a schedule it is not defined on
   */
  step(input: StepInput): StepOutput;
}
