import * as tf from "@tensorflow/tfjs-core";
import type { KernelInit } from "../../initialisers.ts";
import type { Scope } from "../../scope.ts";
import { jointAttention } from "../attention/joint-attention.ts";
import { groupNorm } from "../norms/group-norm.ts";
import { type EmbeddedBlock, residualBlock } from "./residual-block.ts";

/** Options of {@link edmBlock}. */
export interface EdmBlockOptions {
  readonly in: number;
  readonly out: number;
  readonly embedding: number;
  /** Attention heads after the block; 0 when left out: none. */
  readonly heads?: number;
  readonly dropout: number;
  readonly eps: number;
  /** Sums of branch and input are divided by this. */
  readonly outputScale: number;
  readonly scaleShift: boolean;
  readonly init: KernelInit;
  readonly lastInit: KernelInit;
  /** Of the joint projection to q, k and v. */
  readonly attentionInit: KernelInit;
  /** Halves or doubles the images. */
  readonly resample?: (x: tf.Tensor4D) => tf.Tensor4D;
  /** The shortcut has its convolution wherever the images are resampled. */
  readonly project?: boolean;
}

/** Groups of the norms: of 4 channels or more, and at most 32. */
export function edmGroups(channels: number): number {
  return Math.max(1, Math.min(32, Math.floor(channels / 4)));
}

/**
 * A residual block and the attention that may follow it, [B, H, W, in] → [B, H, W, out]; parameters in the scopes
 * `res<index>` and `attn<index>`, or without a number where `index` is a word.
 * Source: Karras et al. 2022, "Elucidating the Design Space of Diffusion-Based Generative Models"; NVlabs/edm UNetBlock.
 */
export function edmBlock(at: Scope, index: number | "down" | "up", options: EdmBlockOptions): EmbeddedBlock {
  const { out, heads = 0, eps, outputScale, resample, project = false } = options;
  const block = residualBlock(at.child(typeof index === "number" ? `res${index}` : index), {
    ...options,
    groups: edmGroups,
    ...(project || options.in !== out ? { project: true } : {}),
    ...(resample ? { resample } : {}),
  });
  if (heads === 0) return block;
  const scope = at.child(`attn${index}`);
  const attend = jointAttention(scope, {
    channels: out,
    heads,
    layout: "heads",
    norm: groupNorm(scope.child("norm"), { channels: out, groups: edmGroups(out), eps }),
    init: options.attentionInit,
    lastInit: options.lastInit,
  });
  return (run, x, embedded) => {
    const y = attend(run, block(run, x, embedded));
    return outputScale === 1 ? y : tf.div(y, outputScale);
  };
}
