import * as tf from "@tensorflow/tfjs-core";
import type { Layer, Scope } from "../../scope.ts";
import { groupNorm } from "./group-norm.ts";

/** Group norm over the tokens and the channels of a group, [B, L, C] in and out. Parameters `scale`, `shift` [C]. */
export function tokenGroupNorm(
  scope: Scope,
  options: { readonly channels: number; readonly groups: number },
): Layer<tf.Tensor3D> {
  const norm = groupNorm(scope, options);
  return (run, x) => {
    const [batch, length, channels] = x.shape;
    return tf.reshape(norm(run, tf.reshape(x, [batch, length, 1, channels])), [batch, length, channels]);
  };
}
