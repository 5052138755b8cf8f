import * as tf from "@tensorflow/tfjs-core";
import { type KernelInit, torchInit } from "../../initialisers.ts";
import type { Run, Scope } from "../../scope.ts";
import { type ActivationName, activations } from "../activations/activations.ts";
import { dropout } from "../activations/dropout.ts";
import { overPixels } from "../attention/pixels.ts";
import { conv2d } from "../linear/conv2d.ts";
import { dense } from "../linear/dense.ts";
import { groupNorm } from "../norms/group-norm.ts";

/** Options of {@link residualBlock}. */
export interface ResidualBlockOptions {
  readonly in: number;
  readonly out: number;
  /** Width of the embedding. */
  readonly embedding: number;
  /** Groups of a norm over so many channels. */
  readonly groups: (channels: number) => number;
  /** Of the first norm, where the rule is another. */
  readonly groupsIn?: number;
  /** After both norms; SiLU when left out. */
  readonly activation?: ActivationName;
  readonly eps?: number;
  /** Rate in [0, 1); 0 when left out. */
  readonly dropout?: number;
  /** PyTorch's default when left out. */
  readonly init?: KernelInit;
  /** Of the second convolution; like `init` when left out. */
  readonly lastInit?: KernelInit;
  /** The embedding scales and shifts the second norm (AdaGN) instead of being added before it. */
  readonly scaleShift?: boolean;
  /** Halves or doubles the images, applied to the branch after its norm and to the shortcut. */
  readonly resample?: (x: tf.Tensor4D) => tf.Tensor4D;
  /** The shortcut has its 1×1 convolution where the channels do not differ, too. */
  readonly project?: boolean;
  /** Divides the sum of branch and shortcut; 1 when left out. */
  readonly outputScale?: number;
}

/** A block, `embedding` being [B, E] with its activation applied already. */
export type EmbeddedBlock = (run: Run, x: tf.Tensor4D, embedding: tf.Tensor2D) => tf.Tensor4D;

/**
 * Norm → SiLU → conv 3×3 → + embedding → norm → SiLU → dropout → conv 3×3, plus the input (by a 1×1
 * convolution where the channels differ), [B, H, W, in] → [B, H, W, out].
 * Source: Ho et al. 2020, appendix B; with `scaleShift` Nichol & Dhariwal 2021, section 3.2.
 */
export function residualBlock(scope: Scope, options: ResidualBlockOptions): EmbeddedBlock {
  const { in: channelsIn, out, embedding, groups, init = torchInit, scaleShift = false, resample } = options;
  const eps = options.eps === undefined ? {} : { eps: options.eps };
  const { activation = "silu", project = channelsIn !== out } = options;
  const act = activations[activation];
  const norm = (name: string, channels: number, count: number): ReturnType<typeof groupNorm> => {
    const shared = { channels, groups: count, ...eps };
    if (activation === "silu") return groupNorm(scope.child(name), { ...shared, activation });
    const plain = groupNorm(scope.child(name), shared);
    return (run, x, modulation) => act(plain(run, x, modulation));
  };
  const norm1 = norm("norm1", channelsIn, options.groupsIn ?? groups(channelsIn));
  const conv1 = conv2d(scope.child("conv1"), { in: channelsIn, out, init });
  const time = dense(scope.child("time"), { in: embedding, out: scaleShift ? 2 * out : out, init });
  const norm2 = norm("norm2", out, groups(out));
  const drop = dropout<tf.Tensor4D>(scope.child("dropout"), options.dropout ?? 0);
  const conv2 = conv2d(scope.child("conv2"), { in: out, out, init: options.lastInit ?? init });
  const shortcut = project
    ? conv2d(scope.child("shortcut"), { in: channelsIn, out, kernel: 1, init })
    : undefined;
  return (run, x, embedded) => {
    const normed = norm1(run, x);
    let h = conv1(run, resample ? resample(normed) : normed);
    const added = overPixels(time(run, embedded));
    if (scaleShift) {
      const [scale, shift] = tf.split(added, 2, 3) as [tf.Tensor4D, tf.Tensor4D];
      h = norm2(run, h, { scale, shift });
    } else {
      h = norm2(run, tf.add(h, added));
    }
    h = conv2(run, drop(run, h));
    const past = resample ? resample(x) : x;
    const sum: tf.Tensor4D = tf.add(h, shortcut ? shortcut(run, past) : past);
    return options.outputScale ? tf.div(sum, options.outputScale) : sum;
  };
}
