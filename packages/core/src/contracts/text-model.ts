import type { Tensor2D, Tensor3D } from "@tensorflow/tfjs-core";
import type { Random } from "../random/random.ts";
import type { ParamSpec } from "./denoiser.ts";
import type { Params } from "./params.ts";

/** What a text model makes of rows of ids. */
export interface TextStates {
  /** Tokens before the first layer, and after each: [B, L, width] each. The last one is before the final norm. */
  readonly hidden: readonly Tensor3D[];
  /** The last of `hidden` after the final norm: the context that networks attend to. */
  readonly last: Tensor3D;
  /** One vector per text, [B, `pooledWidth`]. */
  readonly pooled: Tensor2D;
}

/** A network that reads text, as pure functions of its weights. */
export interface TextModel {
  readonly name: string;
  /** Every parameter in order. */
  readonly specs: readonly ParamSpec[];
  /** Tokens that it knows: ids are 0 … vocabulary − 1. */
  readonly vocabulary: number;
  /** Ids in a row, at most. */
  readonly length: number;
  /** Numbers of a token's state. */
  readonly width: number;
  /** Numbers of `pooled`. */
  readonly pooledWidth: number;
  /** Fresh parameters, one tensor per spec, each from its own fork of `random`. */
  init(random: Random): Params;
  /**
   * Called inside tf.tidy; keeps nothing.
   *
   * @param ids  [B, L] int32
   * @param mask [B, L], 1 where a token is seen, 0 where it is padding; all are seen when left out
   * @throws DdpmError for rows that are too long, or a mask of another shape
   */
  apply(params: Params, ids: Tensor2D, mask?: Tensor2D): TextStates;
  /**
   * The final norm of one of `hidden`: the context of pipelines that skip the last layers ("clip skip").
   *
   * @param state [B, L, width]
   */
  normed(params: Params, state: Tensor3D): Tensor3D;
}
