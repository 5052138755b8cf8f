import type { Plugin } from "@ddpm/core";
import * as z from "zod";
import { LARGE_INITIAL_SHARE, youngAverage } from "../evaluation/initial-share.ts";
import { plugin } from "../plugin.ts";
import { type Check, type HistoryRow, measured } from "./check.ts";

/** The averaged weights still are mostly the initial ones: what is drawn from them looks untrained. */
export const deadEma: Plugin<{ share?: number; steps?: number }, Check> = plugin({
  name: "dead-ema",
  about: "Averaged weights that have not forgotten the initial ones.",
  source: "Karras et al. 2024, section 3.1 (averages that are too long)",
  options: {
    share: z
      .number()
      .gt(0)
      .lt(1)
      .default(LARGE_INITIAL_SHARE)
      .describe("of the initial weights that is too much"),
    steps: z
      .int()
      .min(1)
      .default(500)
      .describe("updates to wait for; samples that are drawn earlier are looked at, too"),
  },
  create: ({ share, steps }): Check => ({
    name: "dead-ema",
    look(rows) {
      const decays = measured(rows, "emaDecay");
      const last = decays.at(-1);
      const updates = last?.step ?? 0;
      const drawn = measured(rows, "saturated").length > 0;
      if (!last || (updates < steps && !drawn)) return undefined;
      const left = last.initialShare ?? shareFrom(decays);
      if (left < share) return undefined;
      return {
        images: last.images,
        what: youngAverage(left, updates),
        advice: "Use a shorter average, or one that grows with the training: `train.ema=warmup`.",
      };
    },
  }),
});

/** The share as far as log lines tell: the decay of each line for all updates since the one before. */
function shareFrom(decays: readonly (HistoryRow & { readonly emaDecay: number })[]): number {
  let before = 0;
  let kept = 0;
  for (const { step = 0, emaDecay } of decays) {
    kept += (step - before) * Math.log(emaDecay);
    before = step;
  }
  return Math.exp(kept);
}
