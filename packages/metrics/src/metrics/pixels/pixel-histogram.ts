import type { Plugin } from "@ddpm/core";
import { type Metric, metric } from "../../measure/metric.ts";
import { distancesOfPixels } from "./distances-of-pixels.ts";

export const pixelHistogram: Plugin<Record<never, never>, Metric> = metric({
  name: "pixel-histogram",
  label: "grey levels, distance",
  better: "lower",
  needs: ["pixels"],
  about: "1-Wasserstein distance of the histograms of grey levels, mean over channels.",
  source: "Rubner et al. 2000",
  options: {},
  compute: ({ pixels }) => ({ estimate: distancesOfPixels(pixels).histogram }),
});
