import { type NoiseSchedule, option, type Plugin } from "@ddpm/core";
import { betaTable } from "../../chain/beta-table.ts";
import { type RampOptions, rampShape } from "../../chain/options.ts";
import { linspace } from "../../numbers/linspace.ts";
import { plugin } from "../../plugin.ts";

/** Options of {@link warmup}. */
export interface WarmupOptions extends RampOptions {
  /** Share of the steps over which β grows; 0.1. */
  readonly share?: number | undefined;
}

/**
 * β runs straight up over the first tenth (or half) of the steps, then stays.
 *
 * Source: Ho's diffusion_utils.py, `warmup10` (share 0.1) and `warmup50` (share 0.5).
 */
export const warmup: Plugin<WarmupOptions, NoiseSchedule> = plugin({
  name: "warmup",
  about: "β grows over a share of the steps, then stays.",
  source: "Ho et al. 2020, diffusion_utils.py, warmup10 and warmup50",
  options: {
    ...rampShape(1e-4, 0.02),
    share: option.number().min(0).max(1).default(0.1).describe("share of the steps over which β grows"),
  },
  create({ steps, betaStart, betaEnd, share, interpolate }) {
    const betas = new Float64Array(steps).fill(betaEnd);
    betas.set(linspace(betaStart, betaEnd, Math.trunc(steps * share)));
    return betaTable("warmup", betas, { interpolate });
  },
});
