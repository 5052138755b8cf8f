import type { Tensor } from "@tensorflow/tfjs-core";

/** How one number's error counts. */
export interface ElementLoss {
  readonly name: string;
  /** @returns the shape of `prediction` */
  apply(prediction: Tensor, target: Tensor): Tensor;
}
