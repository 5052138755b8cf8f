import type { NoiseSchedule, Plugin } from "@ddpm/core";
import { betaTable } from "../../chain/beta-table.ts";
import { type TableOptions, tableShape } from "../../chain/options.ts";
import { linspace } from "../../numbers/linspace.ts";
import { plugin } from "../../plugin.ts";

/**
 * β_i = 1 / (T − i), so that ᾱ falls straight from 1 to exactly 0.
 *
 * Source: Sohl-Dickstein et al. 2015, section 2.4.1; Ho's diffusion_utils.py, `jsd`.
 */
export const jsd: Plugin<TableOptions, NoiseSchedule> = plugin({
  name: "jsd",
  about: "β = 1 / (steps left): ᾱ falls straight to 0.",
  source: "Sohl-Dickstein et al. 2015, section 2.4.1; Ho et al. 2020, diffusion_utils.py, jsd",
  options: tableShape,
  create: ({ steps, interpolate }) =>
    betaTable(
      "jsd",
      linspace(steps, 1, steps).map((left) => 1 / left),
      { interpolate },
    ),
});
