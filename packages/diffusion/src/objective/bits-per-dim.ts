import { type Denoise, fail, momentAt, type NoiseSchedule, type Random, timeOfStep } from "@ddpm/core";
import * as tf from "@tensorflow/tfjs-core";
import { stepNoise } from "../process/initial-noise.ts";
import { meanPerSample } from "../process/per-sample.ts";
import { combine } from "../sampling/arithmetic/combine.ts";
import { eventLoopYielder } from "../sampling/event-loop.ts";
import { epsOf } from "../sampling/prediction.ts";
import {
  boundColumnNames,
  boundColumns,
  boundTerms,
  priorTerm,
  type VarianceKind,
} from "./variational-bound.ts";

/** All of {@link bitsPerDim}'s choices. */
export interface BitsPerDimOptions {
  /** The guess to evaluate, clipped where samples will be. */
  readonly denoise: Denoise;
  /** A chain of steps. */
  readonly schedule: NoiseSchedule;
  /** What the reverse process takes for its variance; "fixed-small". */
  readonly variance?: VarianceKind;
  /** Clean samples on grey levels, [B, …, C] in [−1, 1], lent. */
  readonly x0: tf.Tensor;
  /** Sample k's noise at step i comes from `random.fork(k).fork(i)`. */
  readonly random: Random;
  /** Number k of the batch's first sample; 0. */
  readonly first?: number;
  /** Looked at before each step; an AbortSignal fits. */
  readonly signal?: { readonly aborted: boolean };
}

/** The variational bound of each sample, in bits per dimension. */
export interface BitsPerDim {
  /** [B]: the sum of all terms. */
  readonly total: Float32Array;
  /** [B]: the term of the prior. */
  readonly prior: Float32Array;
  /** [T][B]: the term of each step, from step 0. */
  readonly terms: readonly Float32Array[];
  /** [T][B]: mean squared error of x̂_0. */
  readonly x0Error: readonly Float32Array[];
  /** [T][B]: mean squared error of the noise guess. */
  readonly epsError: readonly Float32Array[];
}

/**
 * The variational bound term by term: T network calls.
 *
 * Source: Ho et al. 2020, eq. 5; improved-diffusion, `calc_bpd_loop`.
 *
 * @throws DdpmError for a schedule without steps, and when `signal` says stop
 */
export async function bitsPerDim(options: BitsPerDimOptions): Promise<BitsPerDim> {
  const { denoise, schedule, variance = "fixed-small", x0, random, first = 0, signal } = options;
  const { steps } = schedule;
  if (steps === undefined) fail("diffusion/bits-per-dim", `schedule ${schedule.name} has no steps.`);
  const found: Float32Array[][] = [];
  const yieldToEventLoop = eventLoopYielder();
  for (let step = steps - 1; step >= 0; step--) {
    await yieldToEventLoop();
    if (signal?.aborted) fail("diffusion/bits-per-dim", `stopped by its signal at step ${step}.`);
    const rows = tf.tidy(() => {
      const at = momentAt(schedule, timeOfStep(step, steps));
      const noise = stepNoise({ random, first, shape: x0.shape }, step)();
      const x = combine([at.alpha, x0], [at.sigma, noise]);
      const guess = denoise(x, at);
      const columns = boundColumns(new Array<number>(x0.shape[0]!).fill(at.t), schedule, variance);
      const tensors = boundColumnNames.map((name) => [name, tf.tensor1d(columns[name])]);
      const terms = boundTerms(variance, {
        x0,
        distance: tf.sub(x0, guess.x0),
        ...(guess.variance ? { variance: guess.variance } : {}),
        ...(Object.fromEntries(tensors) as Record<(typeof boundColumnNames)[number], tf.Tensor1D>),
      });
      return [terms, error(guess.x0, x0), error(epsOf({ ...guess, x, at }), noise)];
    });
    found.unshift((await Promise.all(rows.map((row) => row.data()))) as Float32Array[]);
    tf.dispose(rows);
  }
  const priors = tf.tidy(() => priorTerm(x0, schedule));
  const prior = (await priors.data()) as Float32Array;
  priors.dispose();
  const total = prior.map((value, i) => found.reduce((sum, [terms]) => sum + terms![i]!, value));
  const [terms, x0Error, epsError] = [0, 1, 2].map((kind) => found.map((rows) => rows[kind]!));
  return { total, prior, terms: terms!, x0Error: x0Error!, epsError: epsError! };
}

/** Mean squared difference of each sample, [B]. */
function error(a: tf.Tensor, b: tf.Tensor): tf.Tensor {
  return meanPerSample(tf.squaredDifference(a, b));
}
