import type * as tf from "@tensorflow/tfjs-core";
import type { TrainState } from "./state.ts";

/**
 * Sees every update of a training, and may write down in the state what it learned from it. May wait for numbers of the update
 * before, never for those of an update that has just begun.
 *
 * @param state  after the update
 * @param losses of its parts, [B / parts] each, weighted; the observer disposes them. Left out where the state leaves the
 *   loop: then nothing may be left unread
 * @returns the state with which training continues
 * @throws DdpmError when a loss was not finite (see {@link divergence})
 */
export type Observer = (state: TrainState, losses?: readonly tf.Tensor[]) => Promise<TrainState>;
