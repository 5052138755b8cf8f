import { fail } from "@ddpm/core";
import * as tf from "@tensorflow/tfjs-core";
import { ones, zeros } from "../../initialisers.ts";
import type { Run, Scope } from "../../scope.ts";
import { type Activation, normaliseGroups } from "./normalise-groups.ts";

/** Options of {@link groupNorm}. */
export interface GroupNormOptions {
  readonly channels: number;
  readonly groups: number;
  /** Added to the variance; 1e-5 (PyTorch) when left out. */
  readonly eps?: number;
  /** Applied after the norm, in one kernel where the backend has it; none when left out. */
  readonly activation?: Activation;
  /** False where weights are declared for a file's sake but never used; true when left out. */
  readonly trainable?: boolean;
}

/** A group norm; `modulation` is that of {@link groupNorm}. */
export type GroupNorm = (run: Run, x: tf.Tensor4D, modulation?: Modulation) => tf.Tensor4D;

/** Per image, [B, 1, 1, C] each: the norm's output becomes y (1 + scale) + shift before the activation. */
export interface Modulation {
  readonly scale: tf.Tensor4D;
  readonly shift: tf.Tensor4D;
}

/**
 * Group normalisation over height, width and the channels of a group, [B, H, W, C] → [B, H, W, C], with
 * learned `scale` [C] and `shift` [C]. Source: Wu & He 2018, eq. 7.
 *
 * Where a time embedding modulates it (AdaGN, Dhariwal & Nichol 2021), scales and shifts are combined first,
 * so that it costs nothing per pixel.
 */
export function groupNorm(scope: Scope, options: GroupNormOptions): GroupNorm {
  const { channels, groups, eps = 1e-5, activation = "linear", trainable = true } = options;
  if (channels % groups !== 0) {
    fail("unet/group-norm", `${channels} channels do not split into ${groups} groups (at "${scope.path}").`);
  }
  const scale = scope.param("scale", [channels], ones, { trainable });
  const shift = scope.param("shift", [channels], zeros, { trainable });
  return (run, x, modulation) => {
    let gain = tf.reshape(scale(run), [1, 1, 1, channels]) as tf.Tensor4D;
    let offset = tf.reshape(shift(run), [1, 1, 1, channels]) as tf.Tensor4D;
    if (modulation) {
      const factor = tf.add(1, modulation.scale);
      gain = tf.mul(gain, factor);
      offset = tf.add(tf.mul(offset, factor), modulation.shift);
    }
    return normaliseGroups(x, gain, offset, { groups, eps, activation });
  };
}

/** The largest number of groups that divides `channels` and is at most `groups` and channels / `least`. */
export function groupCount(channels: number, groups: number, least = 1): number {
  let count = Math.max(1, Math.min(groups, Math.floor(channels / least)));
  while (channels % count !== 0) count--;
  return count;
}
