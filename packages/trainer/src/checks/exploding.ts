import type { Plugin } from "@ddpm/core";
import { median } from "@ddpm/core/authoring";
import * as z from "zod";
import { plugin } from "../plugin.ts";
import { type Check, measured } from "./check.ts";

/** The gradients' norm is many times what it was, twice in a row. */
export const exploding: Plugin<{ factor?: number; rows?: number }, Check> = plugin({
  name: "exploding",
  about: "Gradients many times larger than before.",
  source: "Pascanu et al. 2013, section 2",
  options: {
    factor: z.number().gt(1).default(10).describe("norm over the median before that counts as too large"),
    rows: z.int().min(3).default(10).describe("rows before it that the median is taken of"),
  },
  create: ({ factor, rows: length }): Check => ({
    name: "exploding",
    recoverable: true,
    look(rows) {
      const norms = measured(rows, "gradientNorm");
      if (norms.length < length + 2) return undefined;
      const usual = median(norms.slice(-length - 2, -2).map(({ gradientNorm }) => gradientNorm));
      const [first, second] = norms.slice(-2) as [(typeof norms)[0], (typeof norms)[0]];
      if (Math.min(first.gradientNorm, second.gradientNorm) <= factor * usual) return undefined;
      return {
        images: first.images,
        what: `the gradients' norm is ${second.gradientNorm.toPrecision(3)}, it was ${usual.toPrecision(3)}.`,
        advice:
          "Go back to a checkpoint before it, with a lower learning rate, a longer warm-up or clipping.",
      };
    },
  }),
});
