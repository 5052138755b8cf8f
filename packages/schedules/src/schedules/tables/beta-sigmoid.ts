import { type NoiseSchedule, option, type Plugin } from "@ddpm/core";
import { betaTable } from "../../chain/beta-table.ts";
import { type RampOptions, rampShape } from "../../chain/options.ts";
import { linspace } from "../../numbers/linspace.ts";
import { sigmoid } from "../../numbers/sigmoid.ts";
import { plugin } from "../../plugin.ts";

/** Options of {@link betaSigmoid}. */
export interface BetaSigmoidOptions extends RampOptions {
  /** The sigmoid is taken on [−range, range]; 6. */
  readonly range?: number | undefined;
}

/**
 * β follows a sigmoid on [−6, 6] from 1e-4 to 0.02.
 *
 * Source: diffusers' `sigmoid`, from GeoDiff; "The Annotated Diffusion Model".
 */
export const betaSigmoid: Plugin<BetaSigmoidOptions, NoiseSchedule> = plugin({
  name: "beta-sigmoid",
  about: "β follows a sigmoid from betaStart to betaEnd.",
  source: "Xu et al. 2022 (GeoDiff); diffusers scheduling_ddpm.py, sigmoid",
  options: {
    ...rampShape(1e-4, 0.02),
    range: option.number().positive().default(6).describe("the sigmoid is taken on [−range, range]"),
  },
  create({ steps, betaStart, betaEnd, range, interpolate }) {
    const betas = linspace(-range, range, steps).map((x) => sigmoid(x) * (betaEnd - betaStart) + betaStart);
    return betaTable("beta-sigmoid", betas, { interpolate });
  },
});
