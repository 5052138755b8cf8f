import { type NoiseSchedule, option, type Plugin } from "@ddpm/core";
import { betaTable } from "../../chain/beta-table.ts";
import { type RampOptions, rampShape } from "../../chain/options.ts";
import { linspace } from "../../numbers/linspace.ts";
import { plugin } from "../../plugin.ts";

/** Options of {@link quadratic}. */
export interface QuadraticOptions extends RampOptions {
  /** Run from betaStart⁴ to betaEnd⁴: the slip of a tutorial's first text, which squared what it had to root. */
  readonly squareEnds?: boolean | undefined;
}

/**
 * √β runs straight from √1e-4 to √0.02.
 *
 * Source: Ho's diffusion_utils.py `quad`; "The Annotated Diffusion Model", whose text of 2022 squared the ends.
 */
export const quadratic: Plugin<QuadraticOptions, NoiseSchedule> = plugin({
  name: "quadratic",
  about: "√β runs straight from √betaStart to √betaEnd.",
  source: "Ho et al. 2020, diffusion_utils.py, quad",
  options: {
    ...rampShape(1e-4, 0.02),
    squareEnds: option.boolean().default(false).describe("run from betaStart⁴ to betaEnd⁴, a published slip"),
  },
  create({ steps, betaStart, betaEnd, squareEnds, interpolate }) {
    const end = squareEnds ? (beta: number) => beta ** 2 : Math.sqrt;
    const roots = linspace(end(betaStart), end(betaEnd), steps);
    return betaTable(
      "quadratic",
      roots.map((root) => root ** 2),
      { interpolate },
    );
  },
});
