import type { Plugin } from "@ddpm/core";
import * as z from "zod";
import { type Metric, metric } from "../../measure/metric.ts";
import { K, K_DENSITY, neighbourhoods } from "./neighbourhoods.ts";

export const recall: Plugin<{ readonly k?: number | undefined }, Metric> = metric({
  name: "recall",
  label: "recall",
  better: "higher",
  needs: ["features"],
  about: "Share of real images within the neighbourhood of a generated image: variety.",
  source: "Kynkäänniemi et al. 2019, eqs. 1–2",
  options: { k: z.number().int().min(1).max(100).default(K).describe("neighbour that sets the radius") },
  compute: ({ features }, { k }) => ({ estimate: neighbourhoods(features, k, K_DENSITY).recall }),
});
