import { type PrecisionRecall, precisionRecall } from "../../distances/precision-recall.ts";
import { rowsOf } from "../../features/features.ts";
import { fixedSubset } from "../../images/fixed-subset.ts";
import { memoised } from "../../measure/memoised.ts";
import type { MetricInputs } from "../../measure/metric.ts";

/**
 * All four measures of neighbourhoods with the same number of real as of generated images, computed once for metrics with
 * the same options.
 */
export const neighbourhoods: (
  features: MetricInputs["features"],
  k: number,
  kDensity: number,
) => PrecisionRecall = memoised(
  ({ real, generated }: MetricInputs["features"], k: number, kDensity: number) => {
    const equal = rowsOf(real, fixedSubset(real.count, generated.count));
    return precisionRecall(equal, generated, { k, kDensity });
  },
);

/** Default neighbour of precision and recall. */
export const K = 3;
/** Default neighbour of density and coverage. */
export const K_DENSITY = 5;
