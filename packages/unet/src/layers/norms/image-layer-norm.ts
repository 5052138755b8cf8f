import type { ImageShape } from "@ddpm/core/authoring";
import * as tf from "@tensorflow/tfjs-core";
import { ones, zeros } from "../../initialisers.ts";
import type { Layer, Scope } from "../../scope.ts";

/**
 * Layer norm over whole images with a weight per number, [B, H, W, C] → [B, H, W, C]: it ties a network to one
 * size. Parameters `scale` and `shift` [H, W, C]. Source: Ba et al. 2016; PyTorch's LayerNorm([C, H, W]).
 *
 * @param shape [H, W, C]
 */
export function imageLayerNorm(scope: Scope, shape: ImageShape): Layer<tf.Tensor4D> {
  const scale = scope.param("scale", shape, ones);
  const shift = scope.param("shift", shape, zeros);
  return (run, x) => {
    const centred = tf.sub(x, tf.mean(x, [1, 2, 3], true));
    const variance = tf.mean(tf.square(centred), [1, 2, 3], true);
    const normal = tf.mul(centred, tf.rsqrt(tf.add(variance, 1e-5)));
    return tf.add(tf.mul(normal, scale(run)), shift(run));
  };
}
