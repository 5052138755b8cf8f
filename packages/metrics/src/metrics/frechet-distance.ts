import type { Plugin } from "@ddpm/core";
import { frechetDistance as distanceOf, frechetInfinity } from "../distances/frechet.ts";
import { featureStatistics } from "../features/feature-statistics.ts";
import { memoised } from "../measure/memoised.ts";
import { type Metric, metric } from "../measure/metric.ts";

const statisticsOf = memoised(featureStatistics);

export const frechetDistance: Plugin<Record<never, never>, Metric> = metric({
  name: "frechet-distance",
  label: "Fréchet distance",
  better: "lower",
  needs: ["features"],
  about: "Distance of the Gaussians fitted to both sets of features; FID with the extractor inception-v3.",
  source: "Heusel et al. 2017, eq. 6; for infinitely many samples Chong and Forsyth 2020, section 4",
  options: {},
  compute({ features: { real, generated } }) {
    const { count, dimension } = generated;
    const least = 4 * (dimension + 1);
    if (count < least) {
      return {
        estimate: distanceOf(statisticsOf(real), featureStatistics(generated)),
        note: `The Fréchet distance of ${count} samples has no error: that takes ${least} samples with ${dimension} features.`,
      };
    }
    const { infinite, atCount } = frechetInfinity(statisticsOf(real), generated);
    return {
      estimate: infinite,
      label: "Fréchet distance, infinite samples",
      details: [{ label: `with ${count} samples`, estimate: atCount }],
    };
  },
});
