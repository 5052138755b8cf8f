import type { Plugin } from "@ddpm/core";
import * as z from "zod";
import { plugin } from "../plugin.ts";
import type { EmaDecay } from "./ema.ts";

/** The same decay from the first update on; the average starts at the initial weights. */
export const constant: Plugin<{ decay?: number }, EmaDecay> = plugin({
  name: "constant",
  about: "One decay throughout.",
  source: "Ho et al. 2020, section 4 (0.9999)",
  options: { decay: z.number().min(0).max(1).default(0.9999).describe("share of the average that is kept") },
  create: ({ decay }): EmaDecay => ({ name: "constant", at: () => decay }),
});
