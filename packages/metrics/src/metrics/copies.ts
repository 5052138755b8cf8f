import type { Plugin } from "@ddpm/core";
import { type Metric, metric } from "../measure/metric.ts";

export const copies: Plugin<Record<never, never>, Metric> = metric({
  name: "copies",
  label: "copies of training images",
  better: "lower",
  needs: ["memorisation"],
  about: "Share of generated images that are far nearer to one training image than to any other.",
  source: "Yoon et al. 2023 and Gu et al. 2023 (copies below a ratio of 1/3)",
  options: {},
  compute: ({ memorisation }) => ({
    estimate: memorisation.copies,
    details: [{ label: "the same share of held-out images", estimate: memorisation.heldOutCopies }],
  }),
});
