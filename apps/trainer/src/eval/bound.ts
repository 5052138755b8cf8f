import { random, timeOfStep } from "@ddpm/core";
import { priorTerm } from "@ddpm/diffusion/authoring";
import { bitsPerDimension, type Estimate, meanEstimate } from "@ddpm/metrics";
import * as tf from "@tensorflow/tfjs";
import { type DrawJudge, errorsOf, type HeldOutDraw } from "./draws.ts";

/** Parts of the chain that every image is asked in once, about. */
const PARTS = 16;

/** The variational bound, and what it is made of. */
export interface HeldOutBound {
  readonly total: Estimate;
  /** L_T, L_1 … L_{T−1} together, and the decoder's L_0: they add up to the total. */
  readonly prior: Estimate;
  readonly chain: Estimate;
  readonly decoder: Estimate;
}

/**
 * Steps 1 … T − 1 of a chain in parts that grow like powers, [from, to) each: terms change most at the first steps.
 */
export function partsOfChain(steps: number): readonly (readonly [from: number, to: number])[] {
  const edges = Array.from({ length: PARTS + 1 }, (_, m) => Math.round(steps ** (m / PARTS)));
  return edges.slice(1).flatMap((to, m) => (to > edges[m]! ? [[edges[m]!, to] as const] : []));
}

/**
 * Bits per dimension of held-out images: the variational bound L_T + Σ L_{t−1} + L_0, with the sum over the chain estimated
 * from one step per image and part of the chain, drawn evenly within the part. That has no bias, and images are
 * independent, so the mean over images has an honest error.
 *
 * L_T is exact. L_0 is the discrete decoder of 256 grey levels, asked of every image once. All terms are of x̂_0 whatever
 * the network returns (eps, x0, v …), so networks with different targets and schedules compare.
 *
 * Source: Ho et al. 2020, eq. 5 and 13, section 3.3; steps drawn by part as in Nichol and Dhariwal 2021, section 3.3.
 *
 * @param of fingerprint of the images
 * @param steps T, at least 2
 */
export async function heldOutBound(judge: DrawJudge, steps: number, of: string): Promise<HeldOutBound> {
  const count = judge.images.shape[0];
  const parts = partsOfChain(steps);
  const draws = Array.from({ length: count }, (_, image): HeldOutDraw[] => {
    const stream = random(judge.seed).fork("eval/bound").fork(image);
    const drawn = parts.map(([from, to]) => from + Math.floor(stream.uniform() * (to - from)));
    return [0, ...drawn].map((step) => ({ image, time: timeOfStep(step, steps) }));
  });
  const { bits } = await errorsOf(judge, draws.flat());
  const each = parts.length + 1;
  const decoder = Float64Array.from({ length: count }, (_, image) => bits[image * each]!);
  const chain = Float64Array.from({ length: count }, (_, image) =>
    parts.reduce((sum, [from, to], m) => sum + (to - from) * bits[image * each + 1 + m]!, 0),
  );
  const prior = await priorOf(judge);
  const total = chain.map((value, image) => value + decoder[image]! + prior[image]!);
  const part = (name: string, values: Float64Array): Estimate =>
    meanEstimate({ metric: `bits-per-dimension/${name}`, count, of }, values);
  return {
    total: bitsPerDimension(total, of),
    prior: part("prior", prior),
    chain: part("chain", chain),
    decoder: part("decoder", decoder),
  };
}

async function priorOf({ images, parts }: DrawJudge): Promise<Float64Array> {
  const terms = tf.tidy(() => priorTerm(tf.tensor4d(images.data, [...images.shape]), parts.schedule));
  const values = Float64Array.from(await terms.data());
  terms.dispose();
  return values;
}
