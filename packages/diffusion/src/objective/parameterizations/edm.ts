import { fail, type Parameterization, type Plugin } from "@ddpm/core";
import { noSignal } from "@ddpm/core/authoring";
import * as z from "zod";
import { plugin } from "../../plugin.ts";

/** Options of {@link edmParameterization}. */
export interface EdmParameterizationOptions {
  /** σ_data: standard deviation of the data; 0.5. */
  readonly sigmaData?: number | undefined;
}

/**
 * EDM preconditioning: input, output and target of the network have variance 1 at every level. With u = sigma / alpha,
 * skip = σ_d² / (u² + σ_d²), out = u σ_d / √(u² + σ_d²), in = 1 / √(u² + σ_d²), each for x / alpha; noise = ln(u) / 4.
 *
 * Source: Karras et al. 2022, table 1, for alpha = 1.
 */
export const edmParameterization: Plugin<EdmParameterizationOptions, Parameterization> = plugin({
  name: "edm",
  about: "Input, output and target of the network have variance 1 at every level.",
  source: "Karras et al. 2022, table 1",
  options: { sigmaData: z.number().positive().default(0.5).describe("standard deviation of the data") },
  create: ({ sigmaData }) => ({
    name: "edm",
    at({ alpha, sigma, t }, schedule) {
      if (noSignal({ alpha, sigma })) {
        fail("diffusion/edm", `at t = ${t} of ${schedule.name} no signal is left.`, "Train with v or x0.");
      }
      const u = sigma / alpha;
      const total = u ** 2 + sigmaData ** 2;
      return {
        skip: sigmaData ** 2 / total / alpha,
        out: (u * sigmaData) / Math.sqrt(total),
        in: 1 / Math.sqrt(total) / alpha,
        noise: Math.log(u) / 4,
      };
    },
  }),
});
