import type { Plugin } from "@ddpm/core";
import * as z from "zod";
import { plugin } from "../plugin.ts";
import { exponentOf } from "../post-hoc/profile.ts";
import type { EmaDecay } from "./ema.ts";

/** (1 − 1 / n)^(γ + 1): the weights after update τ count as τ^γ, γ from the relative width. */
export const profile: Plugin<{ width?: number }, EmaDecay> = plugin({
  name: "profile",
  about: "A memory that stays the same share of the training: other widths can be made from it afterwards.",
  source: "Karras et al. 2024 (EDM2), eq. 4 and appendix C",
  options: {
    width: z
      .number()
      .positive()
      .max(1 / Math.sqrt(12))
      .default(0.05)
      .describe("σ_rel, width of the memory as a share of the training so far"),
  },
  create({ width }): EmaDecay {
    const gamma = exponentOf(width);
    return { name: "profile", at: ({ update }) => (1 - 1 / update) ** (gamma + 1) };
  },
});
