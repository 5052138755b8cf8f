import type { EvaluationFlags } from "../../commands/evaluation-options.ts";
import type { Overrides } from "../../config/load.ts";

/** The options of `ddpm compare`. */
export interface CompareFlags extends EvaluationFlags, Omit<Overrides, "seed"> {
  readonly vary?: readonly string[];
  readonly samplers?: readonly string[];
  readonly steps?: readonly number[];
  readonly calls?: readonly number[];
  readonly slices: number;
  readonly out?: string;
  /** One part of several: its number, from 1, and how many there are. */
  readonly shard?: readonly [which: number, of: number];
  readonly merge?: boolean;
}
