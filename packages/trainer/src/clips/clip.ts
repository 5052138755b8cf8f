import type { Params } from "@ddpm/core";
import type { Scalar } from "@tensorflow/tfjs-core";

/** One way to keep gradients from being too large. */
export interface Clip {
  readonly name: string;
  /**
   * The gradients to use instead. Called inside tf.tidy: keeps nothing and disposes nothing.
   *
   * @param norm their global Euclidean norm, shape []
   */
  apply(gradients: Params, norm: Scalar): Params;
}
