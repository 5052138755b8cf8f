import type { Images } from "@ddpm/core";
import {
  type Estimate,
  type Extractor,
  type FeatureStatistics,
  type Features,
  featureStatistics,
  frechetDistance,
  frechetInfinity,
  precisionRecall,
  rowsOf,
} from "@ddpm/metrics";
import { ownSimilarity, pairedKid } from "../eval/kid.ts";
import { generatedFeatures, imagesOfBytes, PIXELS } from "../eval/measure.ts";
import { someOf } from "../eval/reference.ts";
import type { Sampled } from "../eval/sampled.ts";

/** Pictures of each setting, from the same noise in all. */
export const SHOWN = 8;

/** What one setting came to. */
export interface Result {
  readonly name: string;
  /** What it is without its training's seed, where trainings were repeated with several. */
  readonly repeated?: string;
  /** Settings are compared within a group: one number of network calls, say. */
  readonly group: string;
  /** Network calls for one picture. */
  readonly calls: number;
  readonly steps: number;
  /** KID, then the Fréchet distance, then precision and recall. */
  readonly estimates: readonly Estimate[];
  /** What every image adds to KID, [count]. */
  readonly each: Float64Array;
  /** The first few, [n, H, W, C] in [-1, 1]. */
  readonly pictures: Images;
}

/** Measures one set of samples after the other against the same real images. */
export type Judge = (
  about: Pick<Result, "name" | "repeated" | "group" | "steps">,
  sampled: Sampled,
) => Promise<Result>;

/** Prepares what all sets share: statistics and similarities of the real images. */
export function judgeBy(real: Features, extractor: Extractor): Judge {
  const statistics = featureStatistics(real);
  const some = rowsOf(real, someOf(real.count, PIXELS));
  const own = ownSimilarity(some);
  return async (about, sampled) => {
    const images = imagesOfBytes(sampled);
    const generated = await generatedFeatures(extractor, images);
    const { estimate, each } = pairedKid(some, generated, own);
    const equal = rowsOf(real, someOf(real.count, generated.count));
    const { precision, recall } = precisionRecall(equal, generated);
    const [, height, width, channels] = images.shape;
    const shown = Math.min(SHOWN, images.shape[0]);
    return {
      ...about,
      calls: sampled.calls,
      estimates: [estimate, frechetOf(statistics, generated), precision, recall],
      each,
      pictures: {
        data: images.data.slice(0, shown * height * width * channels),
        shape: [shown, height, width, channels],
      },
    };
  };
}

/** For endless samples where there are enough of them, otherwise at the count given, without an error bar. */
function frechetOf(real: FeatureStatistics, generated: Features): Estimate {
  if (generated.count < 4 * (generated.dimension + 1))
    return frechetDistance(real, featureStatistics(generated));
  return frechetInfinity(real, generated).infinite;
}
