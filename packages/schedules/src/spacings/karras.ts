import { option, type Plugin, type Spacing } from "@ddpm/core";
import { linspace } from "../numbers/linspace.ts";
import { plugin } from "../plugin.ts";
import { type LadderOptions, ladderShape, rangeOf, timesOfSigmas } from "./ladder.ts";
import { countOf } from "./steps.ts";

/** Options of {@link karras}. */
export interface KarrasOptions extends LadderOptions {
  /** ρ: larger puts more steps at low noise; 7. */
  readonly rho?: number | undefined;
}

/**
 * σ^(1/ρ) runs straight from sigmaMax to sigmaMin, in sigma / alpha of the schedule; then 0.
 *
 * Source: Karras et al. 2022, eq. 5.
 */
export const karras: Plugin<KarrasOptions, Spacing> = plugin({
  name: "karras",
  about: "Noise levels whose ρ-th root runs straight: dense at low noise.",
  source: "Karras et al. 2022, eq. 5",
  options: {
    rho: option.number().positive().default(7).describe("ρ: larger puts more steps at low noise"),
    ...ladderShape,
  },
  create: ({ rho, ...ends }) => ({
    name: "karras",
    times(n, schedule) {
      countOf("schedules/karras", n);
      const { min, max } = rangeOf("schedules/karras", schedule, ends);
      const roots = linspace(max ** (1 / rho), min ** (1 / rho), n);
      return timesOfSigmas(
        "schedules/karras",
        schedule,
        roots.map((root) => root ** rho),
      );
    },
  }),
});
