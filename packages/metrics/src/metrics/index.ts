import { type Registry, registry } from "@ddpm/core";
import type { Metric } from "../measure/metric.ts";
import { attributes } from "./attributes.ts";
import { copies } from "./copies.ts";
import { frechetDistance } from "./frechet-distance.ts";
import { heldOutMetrics } from "./held-out.ts";
import { inceptionScore } from "./inception-score.ts";
import { kid } from "./kid.ts";
import { coverage } from "./neighbourhoods/coverage.ts";
import { density } from "./neighbourhoods/density.ts";
import { precision } from "./neighbourhoods/precision.ts";
import { recall } from "./neighbourhoods/recall.ts";
import { pixelDeviation } from "./pixels/pixel-deviation.ts";
import { pixelHistogram } from "./pixels/pixel-histogram.ts";
import { pixelMean } from "./pixels/pixel-mean.ts";
import { pixelSpectrum } from "./pixels/pixel-spectrum.ts";
import { slicedWasserstein } from "./sliced-wasserstein.ts";

/** Every built-in metric, in the order of tables. */
export const metrics: Registry<Metric> = registry<Metric>("metrics/metrics", "metric", [
  frechetDistance,
  kid,
  precision,
  recall,
  density,
  coverage,
  inceptionScore,
  slicedWasserstein,
  pixelMean,
  pixelDeviation,
  pixelHistogram,
  pixelSpectrum,
  copies,
  attributes,
  ...heldOutMetrics.plugins,
]);
