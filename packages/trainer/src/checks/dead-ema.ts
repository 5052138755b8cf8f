import { type Plugin, plugin } from "@ddpm/core";
import { z } from "zod";
import { type Check, measured } from "../check.ts";

/** The averaged weights still are mostly the initial ones: what is drawn from them looks untrained. */
export const deadEma: Plugin<{ share?: number; steps?: number }, Check> = plugin({
  name: "dead-ema",
  about: "Averaged weights that have not forgotten the initial ones.",
  source: "Karras et al. 2024, section 3.1 (averages that are too long)",
  options: {
    share: z.number().gt(0).lt(1).default(0.3).describe("of the initial weights that is too much"),
    steps: z.int().min(1).default(500).describe("updates to wait for"),
  },
  create: ({ share, steps }): Check => ({
    name: "dead-ema",
    look(rows) {
      const decays = measured(rows, "emaDecay");
      const last = decays.at(-1);
      if (!last || (last.step ?? 0) < steps) return undefined;
      let before = 0;
      let kept = 0;
      for (const { step = 0, emaDecay } of decays) {
        kept += (step - before) * Math.log(emaDecay);
        before = step;
      }
      const left = Math.exp(kept);
      if (left < share) return undefined;
      return {
        images: last.images,
        what: `after ${last.step} updates the averaged weights still are ${Math.round(100 * left)} % the initial ones.`,
        advice: "Use a shorter average, or one that grows with the training: `--set train.ema=warmup`.",
      };
    },
  }),
});
