import {
  type ActivationName,
  activations,
  conv2d,
  groupNorm,
  type Run,
  type Scope,
} from "@ddpm/unet/authoring";
import * as tf from "@tensorflow/tfjs-core";
import { nearestTo } from "./nearest-to.ts";

/** Added to the variance in all norms. */
const EPS = 1e-6;
/** Groups of spatial norms, whatever the channels. */
const SPATIAL_GROUPS = 32;

/** A norm and what follows it, [B, H, W, C] in and out; `codes` are the latents being decoded. */
export type Norm = (run: Run, x: tf.Tensor4D, codes?: tf.Tensor4D) => tf.Tensor4D;

/** Makes the norms of one network: over `channels`, followed by `activation` where it is given. */
export type MakeNorm = (scope: Scope, channels: number, activation?: ActivationName) => Norm;

/** Group norms, all with the same number of groups. */
export function groupNorms(groups: number): MakeNorm {
  return (scope, channels, activation) => {
    const options = { channels, groups, eps: EPS };
    const fused = activation === "silu";
    const norm = groupNorm(scope, fused ? { ...options, activation } : options);
    if (fused || !activation) return (run, x) => norm(run, x);
    return (run, x) => activations[activation](norm(run, x));
  };
}

/**
 * Group norms whose output is scaled and shifted, pixel by pixel, by 1×1 convolutions of the codes. Parameters `norm`,
 * `gain`, `offset`. Source: Zheng et al. 2022 (MoVQ), eq. 5.
 *
 * @param width channels of the codes
 */
export function spatialNorms(width: number): MakeNorm {
  return (scope, channels, activation) => {
    const norm = groupNorm(scope.child("norm"), { channels, groups: SPATIAL_GROUPS, eps: EPS });
    const gain = conv2d(scope.child("gain"), { in: width, out: channels, kernel: 1 });
    const offset = conv2d(scope.child("offset"), { in: width, out: channels, kernel: 1 });
    return (run, x, codes) => {
      // A 1×1 convolution of repeated pixels is the repeated convolution.
      const over = (layer: typeof gain): tf.Tensor4D => nearestTo(layer(run, codes!), x);
      const y: tf.Tensor4D = tf.add(tf.mul(norm(run, x), over(gain)), over(offset));
      return activation ? activations[activation](y) : y;
    };
  };
}
