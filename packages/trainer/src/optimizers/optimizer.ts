import type { Params } from "@ddpm/core";
import type { Scalar } from "@tensorflow/tfjs-core";

/** What an update is made from. */
export interface UpdateInput {
  /** The weights that have a gradient. */
  readonly params: Params;
  /** One per weight, same names, same shapes. */
  readonly gradients: Params;
  /** What the last update left, as {@link Optimizer.init} names it. */
  readonly state: Params;
  /** The numbers of {@link Optimizer.scalars}, as tensors of shape []. */
  readonly scalars: Readonly<Record<string, Scalar>>;
}

/** New tensors, same names as in {@link UpdateInput}. */
export interface UpdateOutput {
  readonly params: Params;
  readonly state: Params;
}

/**
 * One way from gradients to new weights. Whatever changes from update to update is a number of `scalars`, worked
 * out in float64 on the host and fed as a tensor, so that an update can be recorded once and replayed.
 */
export interface Optimizer {
  readonly name: string;
  /** Zero state for these weights: names are `<what>/<weight>`. */
  init(params: Params): Params;
  /**
   * The numbers of update `update`, 1 for the first.
   *
   * @returns the same names every time
   */
  scalars(update: number, learningRate: number): Readonly<Record<string, number>>;
  /**
   * All weights at once, so that a backend may do it in one kernel. Called inside tf.tidy: keeps nothing and
   * disposes nothing.
   */
  update(input: UpdateInput): UpdateOutput;
}
