import * as tf from "@tensorflow/tfjs-core";
import type { Layer, Scope } from "../../scope.ts";
import { overPixels } from "../attention/pixels.ts";
import { dense } from "../linear/dense.ts";
import type { GroupNorm } from "../norms/group-norm.ts";
import type { EmbeddedBlock } from "./residual-block.ts";

/** Options of {@link modulatedBlock}. */
export interface ModulatedBlockOptions {
  readonly in: number;
  readonly out: number;
  readonly embedding: number;
  /** Makes a 3×3 convolution of these channels. */
  readonly conv: (scope: Scope, channelsIn: number, out: number) => Layer<tf.Tensor4D>;
  /** Makes a norm with its SiLU; the first one is modulated. */
  readonly norm: (scope: Scope, channels: number) => GroupNorm;
  /** Between the halves. */
  readonly drop?: Layer<tf.Tensor4D> | undefined;
  readonly shortcut: (scope: Scope, channelsIn: number, out: number) => Layer<tf.Tensor4D>;
}

/**
 * Conv → norm, scaled and shifted by dense(embedding) → SiLU → dropout → conv → norm → SiLU, plus the input
 * (by a 1×1 convolution where the channels differ). The embedding comes with its SiLU applied.
 * Source: lucidrains/denoising-diffusion-pytorch, class ResnetBlock; huggingface/blog annotated-diffusion.md.
 */
export function modulatedBlock(scope: Scope, options: ModulatedBlockOptions): EmbeddedBlock {
  const { in: channelsIn, out, embedding, conv, norm, drop } = options;
  const time = dense(scope.child("time"), { in: embedding, out: 2 * out });
  const conv1 = conv(scope.child("conv1"), channelsIn, out);
  const norm1 = norm(scope.child("norm1"), out);
  const conv2 = conv(scope.child("conv2"), out, out);
  const norm2 = norm(scope.child("norm2"), out);
  const shortcut = channelsIn !== out && options.shortcut(scope.child("shortcut"), channelsIn, out);
  return (run, x, embedded) => {
    const [scale, shift] = tf.split(overPixels(time(run, embedded)), 2, 3) as [tf.Tensor4D, tf.Tensor4D];
    const h = norm1(run, conv1(run, x), { scale, shift });
    const y = norm2(run, conv2(run, drop ? drop(run, h) : h));
    return tf.add(y, shortcut ? shortcut(run, x) : x);
  };
}
