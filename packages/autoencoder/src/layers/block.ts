import { type Run, recomputable, type Scope } from "@ddpm/unet/authoring";
import type * as tf from "@tensorflow/tfjs-core";

/** A part of an autoencoder, [B, H, W, in] → [B, H', W', out]; `codes` are the latents being decoded. */
export type Block = (run: Run, x: tf.Tensor4D, codes?: tf.Tensor4D) => tf.Tensor4D;

/**
 * A block whose intermediate results are recomputed for the gradient where the mode asks for it.
 *
 * @param scope any scope of the network
 * @param make  declares the block's parameters
 */
export function recomputableBlock(scope: Scope, make: () => Block): Block {
  const part = recomputable(scope, () => {
    const block = make();
    return (run, [x, codes]) => block(run, x as tf.Tensor4D, codes as tf.Tensor4D | undefined);
  });
  return (run, x, codes) => part(run, codes ? [x, codes] : [x]);
}
