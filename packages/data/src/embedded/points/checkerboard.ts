import type { Dataset, Plugin } from "@ddpm/core";
import { plugin } from "../../plugin.ts";
import { type PointOptions, pointOptions, pointSet } from "../point-set.ts";

/** Points uniform on the eight dark squares of a board of 4×4 over [−1, 1]²; the class is the column, from the left. */
export const checkerboard: Plugin<PointOptions, Dataset> = plugin({
  name: "checkerboard",
  about: "Points in the plane on the dark squares of a board of 4 by 4, shape [1, 1, 2].",
  source: "made here",
  options: pointOptions(0),
  create: (options) =>
    pointSet("checkerboard", ["column 0", "column 1", "column 2", "column 3"], options, (column, from) => {
      const row = 2 * from.integer(2) + (column % 2);
      return [(column + from.uniform()) / 2 - 1, (row + from.uniform()) / 2 - 1];
    }),
});
