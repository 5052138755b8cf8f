import { fail, momentAt, type NoiseSchedule, stepOfTime, timeOfStep } from "@ddpm/core";
import * as tf from "@tensorflow/tfjs-core";
import { meanPerSample, perSample } from "../process/per-sample.ts";
import { type Posterior, posteriorOf } from "../process/posterior.ts";
import { greyLogLikelihood, klOfDifference } from "./normal.ts";

/** What the reverse process takes for its variance; see {@link DdpmOptions}. */
export type VarianceKind = "fixed-small" | "fixed-large" | "learned-log" | "learned-range";

/** Names of the columns that {@link boundColumns} fills. */
export const boundColumnNames = ["pull", "logTrue", "logLow", "logSpan", "first"] as const;

/**
 * One number per image of what {@link boundTerms} needs to know, [B] each: `pull` (the coefficient of x_0 in the posterior mean),
 * `logTrue` (ln β̃, that of step 1 at step 0), `logLow` and `logSpan` (ln of the fixed variance and 0, or the range that
 * the network chooses from), `first` (1 at step 0, where the images themselves are decoded).
 */
export type BoundColumns = Readonly<Record<(typeof boundColumnNames)[number], Float32Array>>;

/**
 * The host's part of the variational bound, in float64.
 *
 * Source: Nichol and Dhariwal 2021, eq. 15; improved-diffusion, gaussian_diffusion.py, for the variances at step 0.
 *
 * @param times of steps of the chain, one per image
 * @param clip  how ln β̃ is kept finite at step 0: that of step 1 (improved-diffusion), or ln 1e-20
 *              (denoising-diffusion-pytorch)
 * @throws DdpmError for a schedule without steps
 */
export function boundColumns(
  times: ArrayLike<number>,
  schedule: NoiseSchedule,
  kind: VarianceKind,
  clip: "next" | "floor" = "next",
): BoundColumns {
  const steps = stepsOf(schedule);
  const rows = Array.from(times, (t) => {
    const step = Math.round(stepOfTime(t, steps));
    const { pull, beta } = stepPosterior(step, schedule);
    const { variance } = stepPosterior(clip === "next" ? Math.max(step, 1) : step, schedule);
    const small = Math.log(Math.max(variance, 1e-20));
    const large = step === 0 ? small : Math.log(beta);
    const logLow = kind === "fixed-large" ? large : small;
    const logSpan = kind === "learned-range" ? Math.log(beta) - small : 0;
    return { pull, logTrue: small, logLow, logSpan, first: step === 0 ? 1 : 0 };
  });
  const columns = boundColumnNames.map((name) => [name, Float32Array.from(rows, (row) => row[name])]);
  return Object.fromEntries(columns) as BoundColumns;
}

function stepsOf({ steps, name }: NoiseSchedule): number {
  return steps && steps > 1
    ? steps
    : fail(
        "diffusion/variational-bound",
        `schedule ${name} is no chain of steps.`,
        "Take a table of betas, e.g. cosine.",
      );
}

function stepPosterior(step: number, schedule: NoiseSchedule): Posterior {
  const [from, to] = [step, step - 1].map((i) => momentAt(schedule, timeOfStep(i, schedule.steps!)));
  return posteriorOf(from!, to!, schedule);
}

/** A batch and the guess of it, with the columns of {@link boundColumns}, [B] each. */
export interface BoundInputs {
  /** Clean samples on grey levels, [B, …, C] in [−1, 1]. */
  readonly x0: tf.Tensor;
  /** x_0 − x̂_0, [B, …, C], of a clipped x̂_0 where the bound of clipped samples is meant. */
  readonly distance: tf.Tensor;
  /** Raw variance channels, [B, …, C], where variances are learned. */
  readonly variance?: tf.Tensor;
  readonly pull: tf.Tensor1D;
  readonly logTrue: tf.Tensor1D;
  readonly logLow: tf.Tensor1D;
  readonly logSpan: tf.Tensor1D;
  readonly first: tf.Tensor1D;
  /** Lowest probability of a grey level; 1e-12 (denoising-diffusion-pytorch: 1e-15). */
  readonly least?: number;
}

/**
 * The terms of the variational bound, one per sample: KL(q(x_{t−1} | x_t, x_0) ‖ p(x_{t−1} | x_t)) in bits per dimension, at
 * step 0 the negative log-likelihood of the grey levels. Pure: usable in a recorded training step.
 *
 * Source: Ho et al. 2020, eq. 5 and 13; improved-diffusion, `_vb_terms_bpd`.
 *
 * @returns [B]
 * @throws DdpmError when learned variances are missing
 */
export function boundTerms(kind: VarianceKind, inputs: BoundInputs): tf.Tensor1D {
  const { x0, distance, variance, least } = inputs;
  const column = (name: (typeof boundColumnNames)[number]) => perSample(inputs[name], x0);
  if (kind.startsWith("learned") && !variance) {
    fail("diffusion/variational-bound", `variance "${kind}" needs a network that learns variances.`);
  }
  const share = kind === "learned-range" ? tf.div(tf.add(variance!, 1), 2) : tf.scalar(0);
  const wider =
    kind === "learned-log"
      ? tf.sub(variance!, column("logTrue"))
      : tf.add(tf.sub(column("logLow"), column("logTrue")), tf.mul(share, column("logSpan")));
  const logVariance = tf.add(column("logTrue"), wider);
  const kl = klOfDifference(tf.mul(column("pull"), distance), wider, logVariance);
  const decoded = tf.neg(greyLogLikelihood(x0, distance, tf.mul(logVariance, 0.5), least));
  const first = column("first");
  const nats = tf.add(tf.mul(first, decoded), tf.mul(tf.sub(1, first), kl));
  return tf.div(meanPerSample(nats), Math.LN2);
}

/**
 * KL(q(x_T | x_0) ‖ N(0, I)) of each sample, in bits per dimension: what the bound loses to signal that is left.
 *
 * Source: Ho et al. 2020, eq. 5, L_T.
 *
 * @returns [B]
 */
export function priorTerm(x0: tf.Tensor, schedule: NoiseSchedule): tf.Tensor1D {
  const { alpha, sigma } = schedule.at(1);
  const host = sigma ** 2 - 1 - 2 * Math.log(sigma);
  const signal = meanPerSample(tf.square(x0));
  return tf.div(tf.add(tf.mul(signal, alpha ** 2), host), 2 * Math.LN2);
}
