import { fail } from "@ddpm/core";

/** A metric as it was at some point of a training. */
export interface Score {
  /** Images seen. */
  readonly images: number;
  readonly value: number;
}

/** When to give up. */
export interface Patience {
  /** Measurements without improvement before stopping. */
  readonly patience: number;
  /** By how much a measurement must be lower to count as better; 0 when left out. */
  readonly minDelta?: number;
}

/**
 * The lowest score so far; the earliest of equals. Scores that are not finite never win.
 *
 * @returns undefined where there is none
 */
export function bestScore(scores: readonly Score[], minDelta = 0): Score | undefined {
  let best: Score | undefined;
  for (const score of scores) {
    if (!Number.isFinite(score.value)) continue;
    if (!best || score.value < best.value - minDelta) best = score;
  }
  return best;
}

/**
 * Whether the last `patience` measurements brought nothing better: a function of the scores alone, so that a resumed
 * run stops where the uninterrupted one would have.
 *
 * @throws DdpmError for a patience below 1
 */
export function isStale(scores: readonly Score[], { patience, minDelta = 0 }: Patience): boolean {
  if (!(patience >= 1)) fail("trainer/early-stop", `patience is ${patience}, expected at least 1.`);
  const best = bestScore(scores, minDelta);
  if (!best) return scores.length >= patience;
  return scores.filter(({ images }) => images > best.images).length >= patience;
}
