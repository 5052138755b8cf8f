import * as tf from "@tensorflow/tfjs-core";
import type { Layer } from "../../scope.ts";

/** A dense layer over the numbers of every token, [B, N, in] → [B, N, out]. */
export function onTokens(layer: Layer<tf.Tensor2D>): Layer<tf.Tensor3D> {
  return (run, x) => {
    const [batch, count, width] = x.shape;
    const y = layer(run, tf.reshape(x, [batch * count, width]));
    return tf.reshape(y, [batch, count, y.shape[1]]);
  };
}
