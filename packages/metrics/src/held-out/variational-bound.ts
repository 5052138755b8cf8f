import { random, timeOfStep } from "@ddpm/core";
import { type Estimate, meanEstimate } from "../statistics/estimate.ts";
import { bitsPerDimension } from "./bits-per-dimension.ts";
import type { HeldOutDraw, HeldOutNetwork } from "./held-out-network.ts";

/** Parts of the chain, about; every image is evaluated at one step of each. */
const PARTS = 16;

/** The variational bound and its terms in bits per dimension; the terms add up to the total. */
export interface VariationalBound {
  readonly total: Estimate;
  /** L_T */
  readonly prior: Estimate;
  /** L_1 … L_{T−1} */
  readonly chain: Estimate;
  /** L_0 */
  readonly decoder: Estimate;
}

/** Steps 1 … T − 1 in parts [from, to) that grow like powers, since terms change most at the first steps. */
export function partsOfChain(steps: number): readonly (readonly [from: number, to: number])[] {
  const edges = Array.from({ length: PARTS + 1 }, (_, m) => Math.round(steps ** (m / PARTS)));
  return edges.slice(1).flatMap((to, m) => (to > edges[m]! ? [[edges[m]!, to] as const] : []));
}

/**
 * Bits per dimension of held-out images: the variational bound L_T + Σ L_{t−1} + L_0, with the sum over the chain estimated
 * from one uniformly drawn step per image and part of the chain, without bias. L_T and L_0 are exact. All terms are of x̂_0,
 * so networks with different targets and schedules compare.
 *
 * Source: Ho et al. 2020, eq. 5 and 13, section 3.3; steps drawn by part as in Nichol and Dhariwal 2021, section 3.3.
 *
 * @param steps T, at least 2
 */
export async function variationalBound(
  network: Pick<HeldOutNetwork, "count" | "seed" | "fingerprints" | "errors" | "prior">,
  steps: number,
): Promise<VariationalBound> {
  const { count, seed, fingerprints } = network;
  const of = fingerprints.bits;
  const parts = partsOfChain(steps);
  const draws = Array.from({ length: count }, (_, image): HeldOutDraw[] => {
    const stream = random(seed).fork("eval/bound").fork(image);
    const drawn = parts.map(([from, to]) => from + Math.floor(stream.uniform() * (to - from)));
    return [0, ...drawn].map((step) => ({ image, time: timeOfStep(step, steps) }));
  });
  const { bits } = await network.errors(draws.flat());
  const each = parts.length + 1;
  const decoder = Float64Array.from({ length: count }, (_, image) => bits[image * each]!);
  const chain = Float64Array.from({ length: count }, (_, image) =>
    parts.reduce((sum, [from, to], m) => sum + (to - from) * bits[image * each + 1 + m]!, 0),
  );
  const prior = await network.prior();
  const total = chain.map((value, image) => value + decoder[image]! + prior[image]!);
  const term = (name: string, values: Float64Array): Estimate =>
    meanEstimate({ metric: "bits-per-dimension", settings: { term: name }, count, of }, values);
  return {
    total: bitsPerDimension(total, of),
    prior: term("prior", prior),
    chain: term("chain", chain),
    decoder: term("decoder", decoder),
  };
}
