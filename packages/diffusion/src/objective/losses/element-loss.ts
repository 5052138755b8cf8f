import type { Tensor } from "@tensorflow/tfjs-core";

/** How the error of one number counts; the mean over pixels and images is taken outside. */
export interface ElementLoss {
  readonly name: string;
  /** @returns the shape of `prediction` */
  apply(prediction: Tensor, target: Tensor): Tensor;
}
