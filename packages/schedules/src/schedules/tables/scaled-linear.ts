import type { NoiseSchedule, Plugin } from "@ddpm/core";
import { betaTable } from "../../chain/beta-table.ts";
import { type RampOptions, rampShape } from "../../chain/options.ts";
import { linspace } from "../../numbers/linspace.ts";
import { plugin } from "../../plugin.ts";

/**
 * √β runs straight from √0.00085 to √0.012: the schedule of latent diffusion models.
 *
 * Source: diffusers `scaled_linear`; Rombach et al. 2022. The same formula as {@link quadratic}, with other ends.
 */
export const scaledLinear: Plugin<RampOptions, NoiseSchedule> = plugin({
  name: "scaled-linear",
  about: "√β runs straight from √betaStart to √betaEnd, as in latent diffusion.",
  source: "Rombach et al. 2022; diffusers scheduling_ddpm.py, scaled_linear",
  options: rampShape(0.00085, 0.012),
  create({ steps, betaStart, betaEnd, interpolate }) {
    const roots = linspace(Math.sqrt(betaStart), Math.sqrt(betaEnd), steps);
    return betaTable(
      "scaled-linear",
      roots.map((root) => root ** 2),
      { interpolate },
    );
  },
});
