import type { Plugin } from "@ddpm/core";
import * as z from "zod";
import { plugin } from "../plugin.ts";
import { type Check, measured } from "./check.ts";

/** Samples are at the ends of the range far more often than the data is. */
export const saturated: Plugin<{ share?: number; factor?: number }, Check> = plugin({
  name: "saturated",
  about: "Samples that are all black, white or pure colour.",
  source: "Saharia et al. 2022 (Imagen), section 2.3",
  options: {
    share: z.number().gt(0).lt(1).default(0.5).describe("of the numbers at the ends that is too much"),
    factor: z.number().min(1).default(2).describe("over the share in the data"),
  },
  create: ({ share, factor }): Check => ({
    name: "saturated",
    look(rows) {
      const last = measured(rows, "saturated").at(-1);
      if (!last || last.saturated < share || last.saturated < factor * (last.dataSaturated ?? 0))
        return undefined;
      const usual = Math.round(100 * (last.dataSaturated ?? 0));
      return {
        images: last.images,
        what: `${Math.round(100 * last.saturated)} % of the samples' values are at the ends of the range, ${usual} % of the data's.`,
        advice:
          "Train longer; draw with more steps, less guidance or dynamic thresholding; check that the images are in [-1, 1].",
      };
    },
  }),
});
