import {
  type CompileStep,
  type Denoiser,
  fail,
  INFERENCE,
  type LossWeight,
  type NoiseSchedule,
  type Parameterization,
  type Params,
  random,
  type TimeSampler,
} from "@ddpm/core";
import type { SampleStream } from "@ddpm/core/authoring";
import { disposeTree, interpret } from "@ddpm/core/step";
import { batchLoss, type ElementLoss, type ImageCondition } from "@ddpm/diffusion/authoring";
import { type PartInputs, partInputs, readImages } from "../batch/part-inputs.ts";

/** What a held-out loss is measured with; what it shares with training means the same. */
export interface HeldOutOptions {
  readonly denoiser: Denoiser;
  readonly parameterization: Parameterization;
  readonly schedule: NoiseSchedule;
  readonly loss: ElementLoss;
  readonly weight: LossWeight;
  /** Images that training never sees; its first `count` are taken, from the beginning again where it has fewer. */
  readonly images: SampleStream;
  /** Pairs of image and noise: a multiple of `batch` and of `buckets`. */
  readonly count: number;
  readonly batch: number;
  /** Equal parts of (0, 1], each with as many pairs. */
  readonly buckets: number;
  /** Times and noise follow from it and the number of the pair: the same at every call. */
  readonly seed: number;
  readonly compile?: CompileStep;
  readonly condition?: ImageCondition;
}

/** The loss in one part of the noise levels. */
export interface BucketLoss {
  /** Times in (from, to]. */
  readonly from: number;
  readonly to: number;
  readonly loss: number;
  /** Of the mean over the bucket's pairs. */
  readonly standardError: number;
}

/** A loss on fixed images, times and noise. */
export interface HeldOutLoss {
  /** Mean over buckets. */
  readonly loss: number;
  readonly standardError: number;
  /** From little noise to much. */
  readonly buckets: readonly BucketLoss[];
  readonly count: number;
}

/** Measures weights: see {@link heldOut}; `dispose` gives up what a backend keeps for it. */
export type HeldOut = ((params: Params, onBatch?: (done: number) => void) => Promise<HeldOutLoss>) & {
  readonly dispose: () => void;
};

/**
 * Prepares a loss on images that training does not see, at times and noise that never change: what differs from call
 * to call is the network alone, so small differences count.
 *
 * Pair k has image k, noise from stream k and a time from the part k mod `buckets` of (0, 1]: a whole training step
 * where the schedule has them. Networks that condition on themselves see no guess.
 *
 * @throws DdpmError when `count` does not divide into batches and buckets
 */
export function heldOut(options: HeldOutOptions): HeldOut {
  const { denoiser, loss, count, batch, buckets, compile = interpret } = options;
  for (const [name, part] of Object.entries({ batch, buckets })) {
    if (!Number.isSafeInteger(count / part) || count < part) {
      fail(
        "trainer/held-out",
        `${count} pairs do not divide into ${name === "batch" ? "batches" : "parts"} of ${part}.`,
      );
    }
  }
  const root = random(options.seed).fork("held out");
  const times = everyBucket(buckets);
  const fixed = { ...options, times, selfCondition: 0, labelDropout: 0 };
  const step = compile(({ params, part }: { readonly params: Params; readonly part: PartInputs }) => ({
    losses: batchLoss({ denoiser, loss }, params, part, INFERENCE).perSample,
  }));

  const measure = async (params: Params, onBatch?: (done: number) => void): Promise<HeldOutLoss> => {
    const losses = new Float64Array(count);
    for (let first = 0; first < count; first += batch) {
      const read = await readImages(options, first, batch);
      const range = { first, count: batch, update: 1 };
      const part = partInputs(fixed, root, { masks: [], updates: [] }, read, first, range);
      const found = step({ params, part });
      disposeTree(part);
      losses.set(await found.losses.data(), first);
      found.losses.dispose();
      onBatch?.(first + batch);
    }
    return summary(losses, buckets);
  };
  return Object.assign(measure, { dispose: () => step.dispose?.() });
}

/** The time of pair k is drawn from bucket k mod `buckets`, uniformly. */
function everyBucket(buckets: number): TimeSampler {
  return {
    name: "every bucket",
    draw: ({ first, count }, stream, { steps }) =>
      Float64Array.from({ length: count }, (_, i) => {
        const k = first + i;
        const t = ((k % buckets) + 1 - stream.fork(k).uniform()) / buckets;
        return steps === undefined ? t : Math.max(1, Math.ceil(t * steps)) / steps;
      }),
  };
}

function summary(losses: Float64Array, buckets: number): HeldOutLoss {
  const each = Array.from({ length: buckets }, (_, b): BucketLoss => {
    const own = losses.filter((_, k) => k % buckets === b);
    const mean = own.reduce((sum, value) => sum + value, 0) / own.length;
    const squares = own.reduce((sum, value) => sum + (value - mean) ** 2, 0);
    const standardError = own.length > 1 ? Math.sqrt(squares / (own.length - 1) / own.length) : Number.NaN;
    return { from: b / buckets, to: (b + 1) / buckets, loss: mean, standardError };
  });
  const mean = each.reduce((sum, { loss }) => sum + loss, 0) / buckets;
  const variance = each.reduce((sum, { standardError }) => sum + standardError ** 2, 0);
  return {
    loss: mean,
    standardError: Math.sqrt(variance) / buckets,
    buckets: each,
    count: losses.length,
  };
}
