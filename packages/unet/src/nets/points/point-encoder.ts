import type { Mode, ParamSpec, Params, Random } from "@ddpm/core";
import type { Tensor2D, Tensor3D } from "@tensorflow/tfjs-core";

/** The code of a point cloud as a normal distribution, its numbers independent. */
export interface CloudCode {
  /** [B, F] */
  readonly mean: Tensor2D;
  /** [B, F] */
  readonly logVariance: Tensor2D;
}

/** A network from point clouds to codes, as two pure functions. */
export interface PointEncoder {
  readonly name: string;
  /** Every parameter in order. */
  readonly specs: readonly ParamSpec[];
  /** Coordinates of a point. */
  readonly channels: number;
  /** F, numbers of a code. */
  readonly codeWidth: number;
  /** Fresh parameters, one tensor per spec, each from its own fork of `random`. */
  init(random: Random): Params;
  /**
   * Call it inside tf.tidy.
   *
   * @param x [B, N, D]; the order of the points does not matter
   * @throws DdpmError for another number of coordinates
   */
  apply(params: Params, x: Tensor3D, mode: Mode): CloudCode;
}
