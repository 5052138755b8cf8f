export type { Difference } from "./difference.ts";
export { difference } from "./difference.ts";
export type { Estimate, Subject } from "./estimate.ts";
export { estimate, meanEstimate, shareEstimate } from "./estimate.ts";
export type { ClassifierOptions } from "./extractors/classifier/classifier.ts";
export { classifier } from "./extractors/classifier/classifier.ts";
export type { ExtractedFeatures } from "./extractors/extract-features.ts";
export { extractFeatures } from "./extractors/extract-features.ts";
export type { Extraction, Extractor, ExtractorRecipe, ExtractorSources } from "./extractors/extractor.ts";
export { needed } from "./extractors/extractor.ts";
export { extractors } from "./extractors/extractors.ts";
export type { InceptionOptions } from "./extractors/inception/inception-v3.ts";
export { inceptionV3 } from "./extractors/inception/inception-v3.ts";
export type { InceptionOutput } from "./extractors/inception/network.ts";
export { inception } from "./extractors/inception/network.ts";
export { inceptionParams } from "./extractors/inception/params.ts";
export type { Resizing } from "./extractors/inception/resize.ts";
export { resize } from "./extractors/inception/resize.ts";
export { pixels } from "./extractors/pixels.ts";
export { quantised } from "./extractors/quantised.ts";
export type { RandomFeaturesOptions } from "./extractors/random-features.ts";
export { randomFeatures } from "./extractors/random-features.ts";
export type { Features } from "./features.ts";
export { features, rowsOf } from "./features.ts";
export { fingerprint } from "./fingerprint.ts";
export { batchesOf, imagesOf } from "./images.ts";
export type { RealImages } from "./kept-statistics.ts";
export {
  keptFeatures,
  keptStatistics,
  readFeatures,
  readStatistics,
  writeFeatures,
  writeStatistics,
} from "./kept-statistics.ts";
export { symmetricEigenvalues } from "./linear/eigenvalues.ts";
export { bitsPerDimension } from "./losses/bits-per-dimension.ts";
export type { LossBucket, LossByTime, LossByTimeOptions, LossSample } from "./losses/loss-by-time.ts";
export { lossByTime } from "./losses/loss-by-time.ts";
export type { MannWhitney } from "./memorisation/mann-whitney.ts";
export { mannWhitney } from "./memorisation/mann-whitney.ts";
export type {
  Memorisation,
  MemorisationOptions,
  MemorisationSets,
  Pair,
} from "./memorisation/memorisation.ts";
export { memorisation } from "./memorisation/memorisation.ts";
export type { FrechetInfinityOptions } from "./metrics/frechet.ts";
export { frechetDistance, frechetInfinity } from "./metrics/frechet.ts";
export type { InceptionScore, InceptionScoreOptions } from "./metrics/inception-score.ts";
export { inceptionScore } from "./metrics/inception-score.ts";
export type { Kernel, PolynomialOptions } from "./metrics/kernels.ts";
export { gaussianKernel, polynomial } from "./metrics/kernels.ts";
export type { KidOptions, KidSubsetsOptions, SubsetIndices } from "./metrics/kid.ts";
export { kid, kidSubsets } from "./metrics/kid.ts";
export type { MmdEstimator, MmdOptions } from "./metrics/mmd.ts";
export { squaredMmd } from "./metrics/mmd.ts";
export type { Neighbours } from "./metrics/neighbours.ts";
export { nearestNeighbours, ownNeighbours } from "./metrics/neighbours.ts";
export type { PrecisionRecall, PrecisionRecallOptions } from "./metrics/precision-recall.ts";
export { precisionRecall } from "./metrics/precision-recall.ts";
export type { SlicedWassersteinOptions } from "./metrics/sliced-wasserstein.ts";
export { randomDirections, slicedWasserstein } from "./metrics/sliced-wasserstein.ts";
export type { PixelDistances, PixelDistancesOptions } from "./pixels/pixel-distances.ts";
export { pixelDistances } from "./pixels/pixel-distances.ts";
export type { PixelStatistics } from "./pixels/pixel-statistics.ts";
export { mergePixelStatistics, pixelStatistics } from "./pixels/pixel-statistics.ts";
export type { Extrapolated } from "./statistics/extrapolate.ts";
export type { FeatureStatistics, StatisticsCollector } from "./statistics/feature-statistics.ts";
export {
  collectStatistics,
  featureStatistics,
  joinFeatures,
  mergeStatistics,
} from "./statistics/feature-statistics.ts";
export { studentTails } from "./statistics/student-quantile.ts";
export type { Store } from "./store.ts";
