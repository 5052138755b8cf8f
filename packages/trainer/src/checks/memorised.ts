import type { Plugin } from "@ddpm/core";
import * as z from "zod";
import { plugin } from "../plugin.ts";
import { type Check, measured } from "./check.ts";

/** Samples are copies of training images. */
export const memorised: Plugin<{ share?: number }, Check> = plugin({
  name: "memorised",
  about: "Samples that copy training images.",
  source: "Carlini et al. 2023, section 4.2",
  options: { share: z.number().gt(0).lt(1).default(0.3).describe("of the samples that is too much") },
  create: ({ share }): Check => ({
    name: "memorised",
    look(rows) {
      const last = measured(rows, "copied").at(-1);
      if (!last || last.copied < share) return undefined;
      return {
        images: last.images,
        what: `${Math.round(100 * last.copied)} % of the samples are copies of training images.`,
        advice: "Use more images, augmentation, dropout or a smaller network, and stop earlier.",
      };
    },
  }),
});
