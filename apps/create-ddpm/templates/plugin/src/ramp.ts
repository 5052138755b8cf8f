import { type NoiseSchedule, option, type Plugin, plugin } from "@ddpm/core";
import { betaTable } from "@ddpm/schedules/authoring";

/** Options of {@link ramp}. */
export interface RampOptions {
  /** T, the number of steps; 1000. */
  readonly steps?: number | undefined;
  /** β of the last step; 0.04. */
  readonly betaEnd?: number | undefined;
}

/** β grows with the cube of the step: a schedule is a list of betas, or anything with `at(t)`. */
export const ramp: Plugin<RampOptions, NoiseSchedule> = plugin({
  name: "ramp",
  about: "β grows with the cube of the step.",
  source: "this package",
  options: {
    steps: option.number().int().min(2).default(1000).describe("T, the number of steps"),
    betaEnd: option.number().positive().lt(1).default(0.04).describe("β of the last step"),
  },
  create: ({ steps, betaEnd }) =>
    betaTable(
      "ramp",
      Array.from({ length: steps }, (_, i) => betaEnd * ((i + 1) / steps) ** 3),
    ),
});
