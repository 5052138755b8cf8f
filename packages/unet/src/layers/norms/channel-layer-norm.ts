import * as tf from "@tensorflow/tfjs-core";
import { ones, zeros } from "../../initialisers.ts";
import type { Layer, Scope } from "../../scope.ts";

/**
 * Layer norm over the channels of each pixel or token, [B, …, C] → [B, …, C], with learned `scale` [C] and
 * `shift` [C]. Source: huggingface/blog annotated-diffusion.md (2022), class LayerNorm.
 *
 * @param eps added to the variance; 1e-5 when left out
 */
export function channelLayerNorm<T extends tf.Tensor = tf.Tensor4D>(
  scope: Scope,
  options: { readonly channels: number; readonly eps?: number },
): Layer<T> {
  const { channels, eps = 1e-5 } = options;
  const scale = scope.param("scale", [channels], ones);
  const shift = scope.param("shift", [channels], zeros);
  return (run, x) => {
    const centred = tf.sub(x, tf.mean(x, x.rank - 1, true));
    const variance = tf.mean(tf.square(centred), x.rank - 1, true);
    const normal = tf.mul(centred, tf.rsqrt(tf.add(variance, eps)));
    return tf.add(tf.mul(normal, scale(run)), shift(run)) as T;
  };
}
