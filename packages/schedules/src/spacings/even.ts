import { option, type Plugin, type Spacing } from "@ddpm/core";
import { linspace } from "../numbers/linspace.ts";
import { plugin } from "../plugin.ts";
import { countOf } from "./steps.ts";

/** Options of {@link even}. */
export interface EvenOptions {
  /** The last time before 0; left out: 1 / n, so that all strides are equal. */
  readonly last?: number | undefined;
}

/**
 * Times 1, 1 − 1/n … 1/n, 0 on any schedule; with `last`, n times from 1 to `last`, then 0.
 *
 * Source: Song et al. 2021 (score SDE), Euler–Maruyama with last = 1e-3; Liu et al. 2022 on straight paths.
 */
export const even: Plugin<EvenOptions, Spacing> = plugin({
  name: "even",
  about: "Equal strides of time, on any schedule.",
  source: "Song et al. 2021 (score SDE), appendix C; Karras et al. 2022, table 1 (VP)",
  options: {
    last: option.number().gt(0).lt(1).optional().describe("the last time before 0; 1 / n when left out"),
  },
  create: ({ last }) => ({
    name: "even",
    times(n) {
      countOf("schedules/even", n);
      return Float64Array.from([...linspace(1, last ?? 1 / n, n), 0]);
    },
  }),
});
