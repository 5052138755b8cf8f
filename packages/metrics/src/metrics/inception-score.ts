import type { Plugin } from "@ddpm/core";
import { inceptionScore as scoreOf } from "../distances/inception-score.ts";
import { type Metric, metric } from "../measure/metric.ts";

export const inceptionScore: Plugin<Record<never, never>, Metric> = metric({
  name: "inception-score",
  label: "Inception Score",
  better: "higher",
  needs: ["logits"],
  about:
    "How distinct and how varied the predicted classes are, over up to ten splits of at least fifty images.",
  source: "Salimans et al. 2016, section 4",
  options: {},
  compute({ logits }) {
    const splits = Math.max(2, Math.min(10, Math.floor(logits.count / 50)));
    const { deviation: _, ...estimate } = scoreOf(logits, { splits });
    return { estimate };
  },
});
