export type { FrechetInfinityOptions } from "./distances/frechet.ts";
export type { InceptionScore, InceptionScoreOptions } from "./distances/inception-score.ts";
export type { Kernel, PolynomialKernelOptions } from "./distances/kernels.ts";
export { gaussianKernel, polynomialKernel } from "./distances/kernels.ts";
export type { Kid, KidOptions } from "./distances/kid.ts";
export { meanSimilarity } from "./distances/kid.ts";
export type { KidOfBlocksOptions, KidSubsetsOptions, SubsetIndices } from "./distances/kid-blocks.ts";
export { kidOfBlocks, kidSubsets } from "./distances/kid-blocks.ts";
export type {
  Memorisation,
  MemorisationOptions,
  MemorisationSets,
  MemorisedPair,
  NearestPair,
} from "./distances/memorisation.ts";
export { nearestPairs } from "./distances/memorisation.ts";
export type { MmdEstimator, MmdOptions } from "./distances/mmd.ts";
export { squaredMmd } from "./distances/mmd.ts";
export type { PrecisionRecall, PrecisionRecallOptions } from "./distances/precision-recall.ts";
export type { SlicedWassersteinOptions } from "./distances/sliced-wasserstein.ts";
export type { ClassifierExtractorOptions } from "./extractors/classifier/classifier.ts";
export type { ExtractedFeatures } from "./extractors/extract-features.ts";
export type { Extraction, ExtractorRecipe, ExtractorSources } from "./extractors/extractor.ts";
export type { InceptionV3ExtractorOptions } from "./extractors/inception/inception-v3.ts";
export type { RandomExtractorOptions } from "./extractors/random.ts";
export type { StatisticsCollector } from "./features/feature-statistics.ts";
export { collectStatistics, mergeStatistics } from "./features/feature-statistics.ts";
export { rowsOf } from "./features/features.ts";
export type { Store } from "./features/store.ts";
export type { RealImages } from "./features/stored-features.ts";
export {
  cachedStatistics,
  readFeatures,
  readStatistics,
  writeFeatures,
  writeStatistics,
} from "./features/stored-features.ts";
export { bitsPerDimension } from "./held-out/bits-per-dimension.ts";
export type {
  HeldOutDraw,
  HeldOutErrors,
  HeldOutNetwork,
  HeldOutObjective,
} from "./held-out/held-out-network.ts";
export type { LossBucket, LossByTime, LossByTimeOptions, LossSample } from "./held-out/loss-by-time.ts";
export { noisePredictionLoss } from "./held-out/noise-prediction-loss.ts";
export type { VariationalBound } from "./held-out/variational-bound.ts";
export { imagesOf } from "./images/batches.ts";
export { coarsePixels, coarsePixelsOf } from "./images/coarse-pixels.ts";
export { fixedSubset, imagesOfSubset } from "./images/fixed-subset.ts";
export type { MeasuredEstimate, SkippedMetrics } from "./measure/measure.ts";
export { needsOf } from "./measure/measure.ts";
export type {
  MetricDefinition,
  MetricDetail,
  MetricInput,
  MetricInputs,
  MetricResult,
} from "./measure/metric.ts";
export { metric } from "./measure/metric.ts";
export { heldOutMetrics } from "./metrics/held-out.ts";
export type { Neighbours } from "./neighbours/neighbours.ts";
export { nearestNeighbours, ownNeighbours } from "./neighbours/neighbours.ts";
export { peakSignalToNoise } from "./pixels/peak-signal-to-noise.ts";
export type { PixelDistances, PixelDistancesOptions } from "./pixels/pixel-distances.ts";
export type { PixelStatistics } from "./pixels/pixel-statistics.ts";
export { pixelStatistics } from "./pixels/pixel-statistics.ts";
export { structuralSimilarity } from "./pixels/structural-similarity.ts";
export { type CloudDistances, chamferDistances, nearestSquares } from "./points/chamfer.ts";
export { type CloudMatching, cloudMatching } from "./points/matching.ts";
export {
  type NeighbourAccuracy,
  neighbourAccuracy,
  type TwoSetDistances,
} from "./points/nearest-neighbour-accuracy.ts";
export { occupancyDivergence } from "./points/occupancy-divergence.ts";
export type { PointClouds } from "./points/point-clouds.ts";
export type { EstimateDifference } from "./statistics/compare-estimates.ts";
export { isSameMetric } from "./statistics/compare-estimates.ts";
export type { Subject } from "./statistics/estimate.ts";
export { meanEstimate, ratioEstimate, shareEstimate, studentEstimate } from "./statistics/estimate.ts";
export type { Extrapolated } from "./statistics/extrapolation.ts";
export type { MannWhitney } from "./statistics/mann-whitney.ts";
export { mannWhitney } from "./statistics/mann-whitney.ts";
export type { PairedTest, RandomisedBlocks } from "./statistics/paired-tests.ts";
export { pairedTests, randomisedBlocks, seedTests, testOf } from "./statistics/paired-tests.ts";
