import type { Plugin } from "@ddpm/core";
import * as z from "zod";
import { plugin } from "../plugin.ts";
import type { EmaDecay } from "./ema.ts";

/** 0.5^(batch / half-life): the same average in images whatever the batch; at first a share of the images seen. */
export const halfLife: Plugin<{ images?: number; ramp?: number }, EmaDecay> = plugin({
  name: "half-life",
  about: "Memory counted in images, not in updates.",
  source: "Karras et al. 2022, appendix F.2; NVlabs/edm training_loop.py",
  options: {
    images: z.number().positive().default(500_000).describe("images after which a weight counts half"),
    ramp: z.number().positive().default(0.05).describe("half-life at first, as a share of the images seen"),
  },
  create: ({ images: longest, ramp }): EmaDecay => ({
    name: "half-life",
    at: ({ images, batch }) => 0.5 ** (batch / Math.max(Math.min(longest, images * ramp), 1e-8)),
  }),
});
