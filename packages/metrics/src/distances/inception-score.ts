import { fail } from "@ddpm/core";
import { expectRows, type Features } from "../features/features.ts";
import { type Estimate, meanEstimate } from "../statistics/estimate.ts";

/** Options of {@link inceptionScore}. */
export interface InceptionScoreOptions {
  /** Consecutive parts, each with its own score; 10. */
  readonly splits?: number;
}

/** exp of the mean KL of every image's classes from the mean over images, per part. */
export interface InceptionScore extends Estimate {
  /** Standard deviation over the splits, over N, as papers print it. */
  readonly deviation: number;
}

/**
 * Inception Score: exp E KL(p(y | x) ‖ p(y)), over consecutive splits, higher is better. It uses no real images. The
 * interval is that of the mean score of a split of this size.
 *
 * Source: Salimans et al. 2016, section 4; torch-fidelity `isc_features_to_metric` without its shuffling.
 *
 * @param logits [N, classes], before the softmax
 * @throws DdpmError for fewer images than splits
 */
export function inceptionScore(
  logits: Features,
  { splits = 10 }: InceptionScoreOptions = {},
): InceptionScore {
  if (!(Number.isInteger(splits) && splits >= 1)) fail("metrics/inception-score", `${splits} splits given.`);
  expectRows("inception-score", "logits", logits.count, splits);
  const scores = Array.from({ length: splits }, (_, split) =>
    scoreOf(
      logits,
      Math.floor((split * logits.count) / splits),
      Math.floor(((split + 1) * logits.count) / splits),
    ),
  );
  const mean = scores.reduce((sum, score) => sum + score / splits, 0);
  const deviation = Math.sqrt(scores.reduce((sum, score) => sum + (score - mean) ** 2 / splits, 0));
  const { count, of } = logits;
  const subject = { metric: "inception-score", settings: { splits }, count, of };
  if (splits === 1) return { ...subject, value: mean, deviation };
  return { ...meanEstimate(subject, scores), deviation };
}

function scoreOf({ data, dimension }: Features, from: number, to: number): number {
  const classes = new Float64Array(dimension);
  const p = new Float64Array(dimension);
  let negativeEntropy = 0;
  for (let row = from; row < to; row++) {
    const at = row * dimension;
    let most = Number.NEGATIVE_INFINITY;
    for (let k = 0; k < dimension; k++) most = Math.max(most, data[at + k]!);
    let sum = 0;
    for (let k = 0; k < dimension; k++) {
      p[k] = Math.exp(data[at + k]! - most);
      sum += p[k]!;
    }
    const logSum = Math.log(sum);
    for (let k = 0; k < dimension; k++) {
      const probability = p[k]! / sum;
      classes[k] = classes[k]! + probability / (to - from);
      negativeEntropy += (probability * (data[at + k]! - most - logSum)) / (to - from);
    }
  }
  let entropy = 0;
  for (const probability of classes) if (probability > 0) entropy -= probability * Math.log(probability);
  return Math.exp(negativeEntropy + entropy);
}
