import type { Plugin } from "@ddpm/core";
import * as z from "zod";
import { bestScore } from "../evaluation/early-stop.ts";
import { plugin } from "../plugin.ts";
import { type Check, measured } from "./check.ts";

/** The loss on held-out images has been rising for a while. */
export const overfitted: Plugin<{ rise?: number; rows?: number }, Check> = plugin({
  name: "overfitted",
  about: "A held-out loss that rises.",
  source: "Prechelt 1998",
  options: {
    rise: z.number().gt(0).default(0.05).describe("over the best one, as a share"),
    rows: z.int().min(1).default(3).describe("measurements in a row"),
  },
  create: ({ rise, rows: length }): Check => ({
    name: "overfitted",
    look(rows) {
      const losses = measured(rows, "heldOutLoss");
      const best = bestScore(losses.map(({ images, heldOutLoss: value }) => ({ images, value })));
      const last = losses.slice(-length);
      if (!best || last.length < length) return undefined;
      if (last.some(({ heldOutLoss }) => heldOutLoss < best.value * (1 + rise))) return undefined;
      return {
        images: last[0]!.images,
        what: `the held-out loss was ${best.value.toPrecision(3)} at ${best.images} images, and is ${last.at(-1)!.heldOutLoss.toPrecision(3)}.`,
        advice: "Take the best checkpoint; add images, augmentation or dropout, or use a smaller network.",
      };
    },
  }),
});
