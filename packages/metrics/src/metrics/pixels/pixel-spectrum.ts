import type { Plugin } from "@ddpm/core";
import { type Metric, metric } from "../../measure/metric.ts";
import { distancesOfPixels } from "./distances-of-pixels.ts";

export const pixelSpectrum: Plugin<Record<never, never>, Metric> = metric({
  name: "pixel-spectrum",
  label: "power spectrum, difference",
  better: "lower",
  needs: ["pixels"],
  about: "Root mean square over radii of the log ratio of the Fourier power.",
  source: "Simoncelli and Olshausen 2001",
  options: {},
  compute: ({ pixels }) => ({ estimate: distancesOfPixels(pixels).spectrum }),
});
