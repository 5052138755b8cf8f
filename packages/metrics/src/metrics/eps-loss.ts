import type { Plugin } from "@ddpm/core";
import * as z from "zod";
import { noisePredictionLoss } from "../held-out/noise-prediction-loss.ts";
import { type Metric, metric } from "../measure/metric.ts";

export const epsLoss: Plugin<{ readonly buckets?: number | undefined }, Metric<"heldOut">> = metric({
  name: "eps-loss",
  label: "held-out ε-loss",
  better: "lower",
  needs: ["heldOut"],
  about: "Mean squared error of the predicted noise on held-out images, whatever the network predicts.",
  source: "Ho et al. 2020, eq. 14; Salimans and Ho 2022, section 4",
  options: {
    buckets: z
      .number()
      .int()
      .min(1)
      .max(8)
      .default(8)
      .describe("equal parts of the time, each with its own loss"),
  },
  async compute({ heldOut }, { buckets }) {
    const loss = await noisePredictionLoss(heldOut, buckets);
    return {
      estimate: loss.total,
      details: loss.buckets.map(({ from, to, ...estimate }) => ({
        label: `at times ${from} to ${to}`,
        estimate,
      })),
    };
  },
});
