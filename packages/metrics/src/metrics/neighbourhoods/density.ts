import type { Plugin } from "@ddpm/core";
import * as z from "zod";
import { type Metric, metric } from "../../measure/metric.ts";
import { K, K_DENSITY, neighbourhoods } from "./neighbourhoods.ts";

export const density: Plugin<{ readonly k?: number | undefined }, Metric> = metric({
  name: "density",
  label: "density",
  better: "higher",
  needs: ["features"],
  about: "Mean number of real neighbourhoods around a generated image, over k: quality, robust to outliers.",
  source: "Naeem et al. 2020, eq. 3",
  options: {
    k: z.number().int().min(1).max(100).default(K_DENSITY).describe("neighbour that sets the radius"),
  },
  compute: ({ features }, { k }) => ({ estimate: neighbourhoods(features, K, k).density }),
});
