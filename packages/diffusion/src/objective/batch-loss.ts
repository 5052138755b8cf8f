import { type Condition, type Denoiser, fail, type Mode, type Params } from "@ddpm/core";
import { type BatchLoss, conditionOf } from "@ddpm/core/authoring";
import * as tf from "@tensorflow/tfjs-core";
import { diffuse } from "../process/diffuse.ts";
import { meanPerSample, perSample } from "../process/per-sample.ts";
import type { ElementLoss } from "./losses/element-loss.ts";
import { type NetworkOutput, networkOutput } from "./network-output.ts";
import { type boundColumnNames, boundTerms, type VarianceKind } from "./variational-bound.ts";

/** A batch as tensors: samples, noise, the columns of {@link lossColumns}, [B] each, and the condition. */
export interface LossInputs extends Condition {
  /** Clean samples, [B, …, C] in [−1, 1]. */
  readonly x0: tf.Tensor;
  /** ε ~ N(0, I), [B, …, C]. */
  readonly eps: tf.Tensor;
  readonly alpha: tf.Tensor1D;
  readonly sigma: tf.Tensor1D;
  readonly skip: tf.Tensor1D;
  readonly out: tf.Tensor1D;
  readonly in: tf.Tensor1D;
  readonly noise: tf.Tensor1D;
  readonly weight: tf.Tensor1D;
  readonly targetX0: tf.Tensor1D;
  readonly targetEps: tf.Tensor1D;
  /** The columns of {@link boundColumns}, [B] each, where the objective has a bound. */
  readonly bound?: Readonly<Record<(typeof boundColumnNames)[number], tf.Tensor1D>>;
}

/** How the variational bound takes part in the loss. */
export interface BoundObjective {
  readonly variance: VarianceKind;
  /** What a bit per dimension counts: 0.001 in the hybrid loss of Nichol and Dhariwal 2021. */
  readonly weight: number;
  /**
   * The bound is the loss, rather than added to it. Added, it only teaches the variance: the guess is held fixed
   * (Nichol and Dhariwal 2021, section 3.1).
   */
  readonly alone?: boolean;
  /** Lowest probability of a grey level; 1e-12. */
  readonly least?: number;
}

/** A network and the loss of its output. */
export interface BatchObjective {
  readonly denoiser: Denoiser;
  readonly loss: ElementLoss;
  readonly bound?: BoundObjective;
}

/**
 * mean over samples of weight · mean over their numbers of loss(F(in · x_t, noise), (x_0 − skip · x_t) / out).
 *
 * Pure, and the same graph for every batch of a shape: call it inside tf.tidy, tf.valueAndGrads or a recorded step.
 * Of a network that learns variances the loss sees the first half of the channels; the second needs a `bound`.
 *
 * Source: Ho et al. 2020, eq. 14; Karras et al. 2022, eq. 8; with a bound Nichol and Dhariwal 2021, eq. 16.
 *
 * @throws DdpmError when the network's output does not have the shape of the samples
 */
export function batchLoss(
  { denoiser, loss, bound }: BatchObjective,
  params: Params,
  inputs: LossInputs,
  mode: Mode,
): BatchLoss {
  const { x0, eps } = inputs;
  const x = diffuse(x0, eps, inputs.alpha, inputs.sigma);
  const output = networkOutput(denoiser, params, x, inputs, conditionOf(inputs), mode);
  const target = objectiveTarget(inputs);
  const each = meanPerSample(loss.apply(output.f, target));
  const weighted = tf.mul(each, inputs.weight) as tf.Tensor1D;
  const total = bound ? withBound(bound, inputs, output, target, weighted) : weighted;
  return { loss: tf.mean(total) as tf.Scalar, perSample: total };
}

/** (x_0 − skip · x_t) / out, the training target of F, from its two columns: [B, …, C]. */
export function objectiveTarget({ x0, eps, targetX0, targetEps }: LossInputs): tf.Tensor {
  return tf.add(tf.mul(perSample(targetX0, x0), x0), tf.mul(perSample(targetEps, x0), eps));
}

function withBound(
  { variance: kind, weight, alone = false, least = 1e-12 }: BoundObjective,
  { x0, out, bound }: LossInputs,
  { f, variance }: NetworkOutput,
  target: tf.Tensor,
  simple: tf.Tensor1D,
): tf.Tensor1D {
  if (!bound)
    fail(
      "diffusion/batch-loss",
      "the objective has a bound, but the inputs lack its columns.",
      "Add `bound`.",
    );
  const distance = tf.mul(perSample(out, x0), tf.sub(target, alone ? f : heldFixed(f)));
  const terms = boundTerms(kind, { x0, distance, least, ...bound, ...(variance ? { variance } : {}) });
  const counted = tf.mul(terms, weight);
  return (alone ? counted : tf.add(simple, counted)) as tf.Tensor1D;
}

/** The same numbers without a gradient. */
const heldFixed: (x: tf.Tensor) => tf.Tensor = tf.customGrad((x) => ({
  value: tf.clone(x as tf.Tensor),
  gradFunc: (dy: tf.Tensor) => tf.zerosLike(dy),
}));
