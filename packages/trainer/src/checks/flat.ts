import type { Plugin } from "@ddpm/core";
import { median } from "@ddpm/core/authoring";
import * as z from "zod";
import { plugin } from "../plugin.ts";
import { type Check, measured } from "./check.ts";

/** The loss has not fallen since the first row. */
export const flat: Plugin<{ fall?: number; rows?: number; steps?: number }, Check> = plugin({
  name: "flat",
  about: "A loss that does not fall from the start.",
  source: "Goodfellow et al. 2016, section 11.5",
  options: {
    fall: z.number().gt(0).lt(1).default(0.02).describe("share of the first loss by which it has to fall"),
    rows: z.int().min(3).default(10).describe("rows to wait for"),
    steps: z.int().min(1).default(200).describe("updates to wait for"),
  },
  create: ({ fall, rows: length, steps }): Check => ({
    name: "flat",
    look(rows) {
      const losses = measured(rows, "loss");
      const last = losses.at(-1);
      if (!last || losses.length < length || (last.step ?? 0) < steps) return undefined;
      const first = losses[0]!.loss;
      const now = median(losses.slice(-Math.ceil(length / 2)).map(({ loss }) => loss));
      if (now < first * (1 - fall)) return undefined;
      return {
        images: last.images,
        what: `after ${last.step} updates the loss is ${now.toPrecision(3)}, at first it was ${first.toPrecision(3)}.`,
        advice: "Raise the learning rate, and look at the images as the network sees them: `ddpm show data`.",
      };
    },
  }),
});
