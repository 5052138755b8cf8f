import {
  type ActivationName,
  activations,
  conv2d,
  groupNorm,
  type Layer,
  type Scope,
} from "@ddpm/unet/authoring";
import * as tf from "@tensorflow/tfjs-core";
import { type Block, recomputableBlock } from "../../layers/block.ts";

/** Groups of the bottleneck's norm. */
const POOL_GROUPS = 4;

/** Options of {@link tinyBlock}. */
export interface TinyBlockOptions {
  readonly channels: number;
  readonly activation: ActivationName;
  /** Adds a wide 1×1 branch with a group norm to the input first. */
  readonly midNorm: boolean;
}

/**
 * Three 3×3 convolutions with activations between them, plus the input, then ReLU: [B, H, W, C] in and out. Parameters
 * `conv0` to `conv2`, and with `midNorm` those of `pool`.
 *
 * Source: madebyollin/taesd taesd.py, Block.
 */
export function tinyBlock(scope: Scope, { channels, activation, midNorm }: TinyBlockOptions): Block {
  return recomputableBlock(scope, () => {
    const act = activations[activation];
    const pool = midNorm ? wideBranch(scope.child("pool"), channels) : undefined;
    const [first, second, third] = [0, 1, 2].map((index) =>
      conv2d(scope.child(`conv${index}`), { in: channels, out: channels }),
    ) as [Layer<tf.Tensor4D>, Layer<tf.Tensor4D>, Layer<tf.Tensor4D>];
    return (run, x) => {
      const given: tf.Tensor4D = pool ? tf.add(x, pool(run, x)) : x;
      const branch = third(run, act(second(run, act(first(run, given)))));
      const sum: tf.Tensor4D = tf.add(branch, given);
      return tf.relu(sum);
    };
  });
}

/** 1×1 convolutions to four times the channels and back, a group norm and ReLU between them. */
function wideBranch(scope: Scope, channels: number): Layer<tf.Tensor4D> {
  const wide = POOL_GROUPS * channels;
  const first = conv2d(scope.child("conv0"), { in: channels, out: wide, kernel: 1, bias: false });
  const norm = groupNorm(scope.child("norm"), { channels: wide, groups: POOL_GROUPS });
  const last = conv2d(scope.child("conv1"), { in: wide, out: channels, kernel: 1, bias: false });
  return (run, x) => last(run, tf.relu(norm(run, first(run, x))));
}
