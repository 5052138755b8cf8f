import type { Params } from "@ddpm/core";
import type { Scalar } from "@tensorflow/tfjs-core";
import { normClip } from "./clips/norm.ts";

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

/** A number stands for the largest global Euclidean norm. */
export function clipOf(clip: Clip | number): Clip {
  return typeof clip === "number" ? normClip({ largest: clip }) : clip;
}
