import { option } from "@ddpm/core";
import type { NumberOption, Option } from "@ddpm/core/authoring";
import type { InterpolationName } from "./interpolate.ts";

/** Options that every table of betas takes. */
export interface TableOptions {
  /** T, the number of steps; 1000. */
  readonly steps?: number | undefined;
  /** What runs straight between two steps: `log-snr` (default), or `sigma` as diffusers' Euler does. */
  readonly interpolate?: InterpolationName | undefined;
}

/** Options of schedules that run from one β to another. */
export interface RampOptions extends TableOptions {
  readonly betaStart?: number | undefined;
  readonly betaEnd?: number | undefined;
}

/** The largest number of steps that a table may have. */
const MOST = 1_000_000;

/** Zod types behind {@link TableOptions}. */
export const tableShape: {
  steps: Option<number, number | undefined>;
  interpolate: Option<InterpolationName, InterpolationName | undefined>;
} = {
  steps: option.number().int().min(1).max(MOST).default(1000).describe("T, the number of steps"),
  interpolate: option
    .choice(["log-snr", "sigma"])
    .default("log-snr")
    .describe("what runs straight between two steps"),
};

/** Zod types behind {@link RampOptions}, with a source's own defaults. */
export function rampShape(
  start: number,
  end: number,
): typeof tableShape & {
  betaStart: Option<number, number | undefined>;
  betaEnd: Option<number, number | undefined>;
} {
  return {
    ...tableShape,
    betaStart: beta().default(start).describe("β of the first step"),
    betaEnd: beta().default(end).describe("β of the last step"),
  };
}

/** A β in (0, 1]. */
export function beta(): NumberOption {
  return option.number().gt(0).max(1);
}
