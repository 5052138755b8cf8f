import type { Plugin } from "@ddpm/core";
import * as z from "zod";
import { type Metric, metric } from "../../measure/metric.ts";
import { K, K_DENSITY, neighbourhoods } from "./neighbourhoods.ts";

export const precision: Plugin<{ readonly k?: number | undefined }, Metric> = metric({
  name: "precision",
  label: "precision",
  better: "higher",
  needs: ["features"],
  about: "Share of generated images within the neighbourhood of a real image: quality.",
  source: "Kynkäänniemi et al. 2019, eqs. 1–2",
  options: { k: z.number().int().min(1).max(100).default(K).describe("neighbour that sets the radius") },
  compute: ({ features }, { k }) => ({ estimate: neighbourhoods(features, k, K_DENSITY).precision }),
});
