import * as tf from "@tensorflow/tfjs-core";
import type { Scope } from "../../scope.ts";
import { type ActivationName, activations } from "../activations/activations.ts";
import { dropout } from "../activations/dropout.ts";
import { overPixels } from "../attention/pixels.ts";
import { conv2d } from "../linear/conv2d.ts";
import { dense } from "../linear/dense.ts";
import { normaliseGroups } from "../norms/normalise-groups.ts";
import type { EmbeddedBlock } from "./residual-block.ts";

/** Options of {@link adaGroupBlock}. */
export interface AdaGroupBlockOptions {
  readonly in: number;
  readonly out: number;
  /** Channels between the convolutions; `out` when left out. */
  readonly hidden?: number;
  /** Width of the embedding. */
  readonly embedding: number;
  /** Groups of the two norms. */
  readonly groups: readonly [number, number];
  readonly eps: number;
  readonly dropout: number;
  readonly activation: ActivationName;
}

/**
 * Norm → activation → conv 3×3 → norm → activation → dropout → conv 3×3, plus the input (by a 1×1 convolution
 * without bias where the channels differ). Both norms take scale and shift from the embedding, which comes without an
 * activation, and have none of their own. Source: k-diffusion's image networks, as diffusers' ResnetBlockCondNorm2D.
 */
export function adaGroupBlock(scope: Scope, options: AdaGroupBlockOptions): EmbeddedBlock {
  const { in: channelsIn, out, hidden = out, embedding, groups, eps } = options;
  const act = activations[options.activation];
  const modulation1 = dense(scope.child("modulation1"), { in: embedding, out: 2 * channelsIn });
  const conv1 = conv2d(scope.child("conv1"), { in: channelsIn, out: hidden });
  const modulation2 = dense(scope.child("modulation2"), { in: embedding, out: 2 * hidden });
  const drop = dropout<tf.Tensor4D>(scope.child("dropout"), options.dropout);
  const conv2 = conv2d(scope.child("conv2"), { in: hidden, out });
  const shortcut =
    channelsIn === out
      ? undefined
      : conv2d(scope.child("shortcut"), { in: channelsIn, out, kernel: 1, bias: false });
  const norm = (x: tf.Tensor4D, embedded: tf.Tensor2D, count: number): tf.Tensor4D => {
    const [scale, shift] = tf.split(overPixels(embedded), 2, 3) as [tf.Tensor4D, tf.Tensor4D];
    const silu = options.activation === "silu";
    const activation = silu ? "silu" : "linear";
    const y = normaliseGroups(x, tf.add(1, scale), shift, { groups: count, eps, activation });
    return silu ? y : act(y);
  };
  return (run, x, embedded) => {
    const h = conv1(run, norm(x, modulation1(run, embedded), groups[0]));
    const y = conv2(run, drop(run, norm(h, modulation2(run, embedded), groups[1])));
    return tf.add(y, shortcut ? shortcut(run, x) : x);
  };
}
