export type { FrechetInfinityOptions } from "./distances/frechet.ts";
export { frechetDistance, frechetInfinity } from "./distances/frechet.ts";
export type { InceptionScore, InceptionScoreOptions } from "./distances/inception-score.ts";
export { inceptionScore } from "./distances/inception-score.ts";
export type { Kernel, PolynomialKernelOptions } from "./distances/kernels.ts";
export { gaussianKernel, polynomialKernel } from "./distances/kernels.ts";
export type { Kid, KidOptions } from "./distances/kid.ts";
export { kid, meanSimilarity } from "./distances/kid.ts";
export type { KidOfBlocksOptions, KidSubsetsOptions, SubsetIndices } from "./distances/kid-blocks.ts";
export { kidOfBlocks, kidSubsets } from "./distances/kid-blocks.ts";
export type {
  Memorisation,
  MemorisationOptions,
  MemorisationSets,
  MemorisedPair,
  NearestPair,
} from "./distances/memorisation.ts";
export { memorisation, nearestPairs } from "./distances/memorisation.ts";
export type { MmdEstimator, MmdOptions } from "./distances/mmd.ts";
export { squaredMmd } from "./distances/mmd.ts";
export type { PrecisionRecall, PrecisionRecallOptions } from "./distances/precision-recall.ts";
export { precisionRecall } from "./distances/precision-recall.ts";
export type { SlicedWassersteinOptions } from "./distances/sliced-wasserstein.ts";
export { slicedWasserstein } from "./distances/sliced-wasserstein.ts";
export type { ClassifierExtractorOptions } from "./extractors/classifier/classifier.ts";
export { classifierExtractor } from "./extractors/classifier/classifier.ts";
export type { ExtractedFeatures } from "./extractors/extract-features.ts";
export { extractFeatures } from "./extractors/extract-features.ts";
export type { Extraction, Extractor, ExtractorRecipe, ExtractorSources } from "./extractors/extractor.ts";
export type { InceptionV3ExtractorOptions } from "./extractors/inception/inception-v3.ts";
export { inceptionV3Extractor } from "./extractors/inception/inception-v3.ts";
export { extractors } from "./extractors/index.ts";
export { pixelsExtractor } from "./extractors/pixels.ts";
export type { RandomExtractorOptions } from "./extractors/random.ts";
export { randomExtractor } from "./extractors/random.ts";
export type { FeatureStatistics, StatisticsCollector } from "./features/feature-statistics.ts";
export { collectStatistics, featureStatistics, mergeStatistics } from "./features/feature-statistics.ts";
export type { Features } from "./features/features.ts";
export { rowsOf, toFeatures } from "./features/features.ts";
export type { Store } from "./features/store.ts";
export type { RealImages } from "./features/stored-features.ts";
export {
  cachedFeatures,
  cachedStatistics,
  readFeatures,
  readStatistics,
  writeFeatures,
  writeStatistics,
} from "./features/stored-features.ts";
export { fingerprint } from "./fingerprint.ts";
export { bitsPerDimension } from "./held-out/bits-per-dimension.ts";
export type { HeldOutDraw, HeldOutErrors, HeldOutNetwork } from "./held-out/held-out-network.ts";
export type { LossBucket, LossByTime, LossByTimeOptions, LossSample } from "./held-out/loss-by-time.ts";
export { lossByTime } from "./held-out/loss-by-time.ts";
export { noisePredictionLoss } from "./held-out/noise-prediction-loss.ts";
export type { VariationalBound } from "./held-out/variational-bound.ts";
export { variationalBound } from "./held-out/variational-bound.ts";
export { batchesOf, imagesOf } from "./images/batches.ts";
export { coarsePixels, coarsePixelsOf } from "./images/coarse-pixels.ts";
export { fixedSubset, imagesOfSubset } from "./images/fixed-subset.ts";
export type { MeasuredEstimate, Measurement, SkippedMetrics } from "./measure/measure.ts";
export { measure, needsOf } from "./measure/measure.ts";
export type {
  Metric,
  MetricDefinition,
  MetricDetail,
  MetricInput,
  MetricInputs,
  MetricResult,
} from "./measure/metric.ts";
export { metric } from "./measure/metric.ts";
export { metrics } from "./metrics/index.ts";
export type { Neighbours } from "./neighbours/neighbours.ts";
export { nearestNeighbours, ownNeighbours } from "./neighbours/neighbours.ts";
export type { PixelDistances, PixelDistancesOptions } from "./pixels/pixel-distances.ts";
export { pixelDistances } from "./pixels/pixel-distances.ts";
export type { PixelStatistics } from "./pixels/pixel-statistics.ts";
export { pixelStatistics } from "./pixels/pixel-statistics.ts";
export type { EstimateDifference } from "./statistics/compare-estimates.ts";
export { compareEstimates, isSameMetric } from "./statistics/compare-estimates.ts";
export type { Estimate, Subject } from "./statistics/estimate.ts";
export { meanEstimate, shareEstimate, studentEstimate } from "./statistics/estimate.ts";
export type { Extrapolated } from "./statistics/extrapolation.ts";
export type { MannWhitney } from "./statistics/mann-whitney.ts";
export { mannWhitney } from "./statistics/mann-whitney.ts";
export type { PairedTest, RandomisedBlocks } from "./statistics/paired-tests.ts";
export { pairedTests, randomisedBlocks, seedTests, testOf } from "./statistics/paired-tests.ts";
