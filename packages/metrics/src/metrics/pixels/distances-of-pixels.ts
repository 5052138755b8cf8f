import { groupCount } from "../../measure/group-count.ts";
import { memoised } from "../../measure/memoised.ts";
import type { MetricInputs } from "../../measure/metric.ts";
import { type PixelDistances, pixelDistances } from "../../pixels/pixel-distances.ts";
import { pixelStatistics } from "../../pixels/pixel-statistics.ts";

const statisticsOf = memoised(pixelStatistics);

/** All four distances, computed once for the metrics that share them. */
export const distancesOfPixels: (pixels: MetricInputs["pixels"]) => PixelDistances = memoised(
  ({ real, generated }: MetricInputs["pixels"]) =>
    pixelDistances(statisticsOf(real), generated, groupCount(generated.shape[0], 20)),
);
