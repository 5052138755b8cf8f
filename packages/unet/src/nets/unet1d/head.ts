import { fail } from "@ddpm/core";
import * as tf from "@tensorflow/tfjs-core";
import { activations } from "../../layers/activations/activations.ts";
import { conv1d } from "../../layers/linear/conv1d.ts";
import { dense } from "../../layers/linear/dense.ts";
import { groupNorm } from "../../layers/norms/group-norm.ts";
import { asSignal } from "../../layers/skeletons/signals.ts";
import type { Run, Scope } from "../../scope.ts";
import type { Structure1D } from "./structure.ts";

/**
 * The end of the network: signals [B, L, outputs], or one value per signal, [B, 1].
 * Source: huggingface/diffusers src/diffusers/models/unets/unet_1d_blocks.py, `get_out_block`.
 */
export function headOf(
  at: Scope,
  structure: Structure1D,
): (run: Run, x: tf.Tensor4D, embedded: tf.Tensor2D) => tf.Tensor {
  if (structure.head === "none") return (_run, x) => asSignal(x);
  return structure.head === "conv" ? convHead(at, structure) : valueHead(at, structure);
}

function convHead(
  at: Scope,
  { width: channels, groups, outputs, activation }: Structure1D,
): (run: Run, x: tf.Tensor4D) => tf.Tensor {
  const first = conv1d(at.child("conv0"), { in: channels, out: channels, kernel: 5 });
  const norm = groupNorm(at.child("norm"), { channels, groups });
  const last = conv1d(at.child("conv1"), { in: channels, out: outputs, kernel: 1 });
  const act = activations[activation];
  return (run, x) => asSignal(last(run, act(norm(run, first(run, x)))));
}

function valueHead(
  at: Scope,
  { width, valueWidth, activation }: Structure1D,
): (run: Run, x: tf.Tensor4D, embedded: tf.Tensor2D) => tf.Tensor {
  const hidden = Math.floor(valueWidth / 2);
  const first = dense(at.child("dense0"), { in: valueWidth + width, out: hidden });
  const last = dense(at.child("dense1"), { in: hidden, out: 1 });
  const act = activations[activation];
  return (run, x, embedded) => {
    const [batch, length, , channels] = x.shape;
    if (length * channels !== valueWidth) {
      fail(
        "unet/unet1d",
        `the value function takes ${valueWidth} numbers, and signals of this length leave ${length * channels}.`,
        "Take signals of the length that the network was built for.",
      );
    }
    const numbers: tf.Tensor2D = tf.reshape(tf.transpose(x, [0, 3, 1, 2]), [batch, valueWidth]);
    return last(run, act(first(run, tf.concat([numbers, embedded], 1))));
  };
}
