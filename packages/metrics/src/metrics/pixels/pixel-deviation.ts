import type { Plugin } from "@ddpm/core";
import { type Metric, metric } from "../../measure/metric.ts";
import { distancesOfPixels } from "./distances-of-pixels.ts";

export const pixelDeviation: Plugin<Record<never, never>, Metric> = metric({
  name: "pixel-deviation",
  label: "contrast, difference",
  better: "lower",
  needs: ["pixels"],
  about: "Root mean square over channels of the difference of the standard deviation of pixels.",
  source: "first two moments of the pixels",
  options: {},
  compute: ({ pixels }) => ({ estimate: distancesOfPixels(pixels).deviation }),
});
