import * as tf from "@tensorflow/tfjs-core";
import { mish } from "../../layers/activations/activations.ts";
import { overPixels } from "../../layers/attention/pixels.ts";
import { recomputableBlock } from "../../layers/blocks/recomputable-block.ts";
import type { EmbeddedBlock } from "../../layers/blocks/residual-block.ts";
import { conv1d } from "../../layers/linear/conv1d.ts";
import { dense } from "../../layers/linear/dense.ts";
import { groupNorm } from "../../layers/norms/group-norm.ts";
import type { Layer, Scope } from "../../scope.ts";

/** Options of {@link temporalBlock}. */
export interface TemporalBlockOptions {
  readonly in: number;
  readonly out: number;
  readonly embedding: number;
}

const KERNEL = 5;
const GROUPS = 8;

/**
 * (Conv → group norm → Mish) → + dense(Mish(embedding)) → (conv → group norm → Mish), plus the input (by a convolution
 * of length 1 where the channels differ), [B, L, 1, in] → [B, L, 1, out].
 * Source: Janner et al. 2022, "Planning with Diffusion", appendix C; huggingface/diffusers src/diffusers/models/resnet.py
 * ResidualTemporalBlock1D.
 */
export function temporalBlock(scope: Scope, options: TemporalBlockOptions): EmbeddedBlock {
  const { in: channelsIn, out, embedding } = options;
  return recomputableBlock(scope, () => {
    const first = half(scope, "In", channelsIn, out);
    const second = half(scope, "Out", out, out);
    const time = dense(scope.child("time"), { in: embedding, out });
    const shortcut =
      channelsIn !== out && conv1d(scope.child("shortcut"), { in: channelsIn, out, kernel: 1 });
    return (run, x, embedded) => {
      const h: tf.Tensor4D = tf.add(first(run, x), overPixels(time(run, mish(embedded))));
      return tf.add(second(run, h), shortcut ? shortcut(run, x) : x);
    };
  });
}

function half(scope: Scope, end: "In" | "Out", channelsIn: number, out: number): Layer<tf.Tensor4D> {
  const conv = conv1d(scope.child(`conv${end}`), { in: channelsIn, out, kernel: KERNEL });
  const norm = groupNorm(scope.child(`norm${end}`), { channels: out, groups: GROUPS });
  return (run, x) => mish(norm(run, conv(run, x)));
}
