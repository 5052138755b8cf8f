import type { Plugin } from "@ddpm/core";
import { type Metric, metric } from "../measure/metric.ts";
import { studentEstimate } from "../statistics/estimate.ts";

export const objectiveLoss: Plugin<Record<never, never>, Metric<"heldOut">> = metric({
  name: "objective-loss",
  label: "held-out loss",
  better: "lower",
  needs: ["heldOut"],
  about:
    "The loss of the training objective on fixed pairs of held-out image and noise, as training logs it.",
  source: "Ho et al. 2020, eq. 14, for the standard objective",
  options: {},
  async compute({ heldOut }) {
    const { loss, standardError, buckets, count } = await heldOut.objective();
    const subject = { metric: "objective-loss", count, of: heldOut.fingerprints.objective };
    if (Number.isNaN(standardError)) return { estimate: { ...subject, value: loss } };
    return { estimate: studentEstimate(subject, loss, standardError, count - buckets.length) };
  },
});
