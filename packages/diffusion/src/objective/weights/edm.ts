import { type LossWeight, type Plugin, snr } from "@ddpm/core";
import * as z from "zod";
import { plugin } from "../../plugin.ts";

/** Options of {@link edmWeight}. */
export interface EdmWeightOptions {
  /** σ_data: standard deviation of the data; 0.5. */
  readonly sigmaData?: number | undefined;
}

/**
 * SNR + 1 / σ_data²: with EDM's preconditioning the same weight for every output.
 *
 * Source: Karras et al. 2022, table 1, λ(σ) = (σ² + σ_data²) / (σ σ_data)².
 */
export const edmWeight: Plugin<EdmWeightOptions, LossWeight> = plugin({
  name: "edm",
  about: "SNR + 1 / σ_data²: with EDM's preconditioning the same weight for every output.",
  source: "Karras et al. 2022, table 1",
  options: { sigmaData: z.number().positive().default(0.5).describe("standard deviation of the data") },
  create: ({ sigmaData }) => ({ name: "edm", at: (moment) => snr(moment) + 1 / sigmaData ** 2 }),
});
