import { random, stepOfTime } from "@ddpm/core";
import type { HeldOutDraw, HeldOutNetwork } from "./held-out-network.ts";
import { type LossByTime, type LossSample, lossByTime } from "./loss-by-time.ts";

/** Times per image. */
const TIMES = 8;

/**
 * Mean squared error of the noise prediction by time, on the same images, times and noise for every network.
 *
 * Source: Ho et al. 2020, eq. 14.
 *
 * @param buckets equal parts of (0, 1]
 */
export async function noisePredictionLoss(network: HeldOutNetwork, buckets: number): Promise<LossByTime> {
  const { count, steps, seed, fingerprints } = network;
  const draws = stratifiedDraws(count, steps, seed);
  const { eps } = await network.errors(draws);
  // A step stands for the interval that ends at its time; its middle decides the bucket.
  const half = steps === undefined ? 0 : 1 / (2 * steps);
  const samples = draws.map(
    ({ image, time }, k): LossSample => ({ image, time: time - half, loss: eps[k]! }),
  );
  return lossByTime(samples, { buckets, of: fingerprints.eps, metric: "eps-loss" });
}

/** Every image once in each of equal parts of (0, 1]. */
function stratifiedDraws(count: number, steps: number | undefined, seed: number): HeldOutDraw[] {
  return Array.from({ length: count }, (_, image) => {
    const stream = random(seed).fork("eval/times").fork(image);
    return Array.from({ length: TIMES }, (__, part): HeldOutDraw => {
      const time = timeOfWholeStep((part + 1 - stream.uniform()) / TIMES, steps);
      return { image, time };
    });
  }).flat();
}

/** The time of the step nearest above t; t itself for a continuous schedule. */
function timeOfWholeStep(t: number, steps: number | undefined): number {
  if (steps === undefined) return t;
  return (Math.max(0, Math.ceil(stepOfTime(t, steps))) + 1) / steps;
}
