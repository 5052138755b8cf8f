import type { Tensor, Tensor1D } from "@tensorflow/tfjs-core";
import type { ErrorPlace } from "../errors/errors.ts";
import { fail } from "../errors/errors.ts";
import type { Random } from "../random/random.ts";
import type { Condition, TakenConditions } from "./condition.ts";
import type { Params } from "./params.ts";

/** Whether the network is being trained, and what training needs from outside. */
export interface Mode {
  readonly training: boolean;
  /**
   * Numbers in [0, 1) for dropout: `name` tells the layer. Absent: no dropout.
   *
   * @returns a tensor of that shape, the caller's to keep in its tidy
   */
  uniform?(name: string, shape: readonly number[]): Tensor;
  /**
   * Networks that can keep less for the gradient do: the backward pass works blocks out again (gradient
   * checkpointing). The gradients are the same.
   */
  readonly recompute?: boolean;
  /** Receives the new value of a parameter that training does not learn (batch-norm statistics). */
  update?(name: string, value: Tensor): void;
}

/** Sampling and evaluation: no dropout, running statistics. */
export const INFERENCE: Mode = { training: false };

/** A parameter as declared: before anything is allocated. */
export interface ParamSpec {
  /** Path, e.g. `down.1.res0.conv1.kernel`; checkpoints depend on it. */
  readonly name: string;
  readonly shape: readonly number[];
  /** False for running statistics and fixed tables. */
  readonly trainable: boolean;
}

/** A network as two pure functions, so that EMA, sampling and checkpoints pass another record and swap nothing. */
export interface Denoiser extends TakenConditions {
  readonly name: string;
  /** Every parameter in order. */
  readonly specs: readonly ParamSpec[];
  /** Axes of its samples between batch and channels: 2 of images [B, H, W, C], 1 of signals [B, L, C] and points [B, N, D]. */
  readonly axes: number;
  /** Channels of the samples it takes. */
  readonly channels: number;
  /** The length along each of the `axes` must be a multiple of this. */
  readonly multiple: number;
  /** Lengths along the `axes` that it is tied to, where it is: [H, W] of a layer norm over whole images. */
  readonly size?: readonly number[];
  /** The network returns 2 · channels: the second half is for the variance. */
  readonly learnsVariance?: boolean;
  /** Channels of the output; absent: `channels`, or 2 · `channels` where the variance is learned. */
  readonly outputs?: number;
  /** Fresh parameters, one tensor per spec, each from its own fork of `random`. */
  init(random: Random): Params;
  /**
   * Raw output F, before `skip` and `out`. Called inside tf.tidy; keeps nothing.
   *
   * @param x     [B, …, C], already scaled by `in`
   * @param noise [B], `noise` of each sample
   * @returns     [B, …, `outputs`]: C, 2C where the variance is learned, or any other number
   * @throws DdpmError for another number of axes or channels, or a length that is no multiple of `multiple`
   */
  apply(params: Params, x: Tensor, noise: Tensor1D, condition: Condition, mode: Mode): Tensor;
}

/** What decides how many channels a network returns. */
export interface OutputCount {
  readonly channels: number;
  readonly learnsVariance?: boolean | undefined;
  readonly outputs?: number | undefined;
}

/** Channels of a network's output: `outputs`, or by default `channels`, twice as many where the variance is learned. */
export function outputChannels({ channels, learnsVariance, outputs }: OutputCount): number {
  return outputs ?? (learnsVariance ? 2 * channels : channels);
}

/**
 * Checks that a network can be trained and sampled as a denoiser: its output has the channels of its samples, or twice
 * as many where the variance is learned.
 *
 * @throws DdpmError naming both counts
 */
export function checkOutputs(
  where: ErrorPlace,
  { name, ...counts }: OutputCount & { readonly name: string },
): void {
  const { channels, learnsVariance = false } = counts;
  const made = outputChannels(counts);
  const expected = outputChannels({ channels, learnsVariance });
  if (made === expected) return;
  fail(
    where,
    `${name} returns ${made} channels for samples of ${channels}, expected ${expected}.`,
    made === 2 * channels
      ? "Build it with learnsVariance for an output whose second half is for the variance."
      : "A network of other outputs can be applied, imported and exported, but not trained or sampled as a denoiser.",
  );
}
