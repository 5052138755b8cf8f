import { type Registry, registry } from "@ddpm/core";
import type { Metric } from "../measure/metric.ts";
import { bitsPerDimension } from "./bits-per-dimension.ts";
import { epsLoss } from "./eps-loss.ts";
import { objectiveLoss } from "./objective-loss.ts";

/** Metrics that need nothing but a network on held-out images: each may choose the best checkpoint. */
export const heldOutMetrics: Registry<Metric<"heldOut">> = registry<Metric<"heldOut">>(
  "metrics/held-out",
  "held-out metric",
  [objectiveLoss, epsLoss, bitsPerDimension],
);
