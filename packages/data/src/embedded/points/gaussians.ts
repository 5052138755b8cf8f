import type { Dataset, Plugin } from "@ddpm/core";
import { plugin } from "../../plugin.ts";
import { type PointOptions, pointOptions, pointSet } from "../point-set.ts";

/** Eight equal Gaussians around the circle of radius 0.75, class k at the angle 2π k / 8. */
export const gaussians: Plugin<PointOptions, Dataset> = plugin({
  name: "gaussians",
  about: "Points in the plane from eight Gaussians on a circle, shape [1, 1, 2].",
  source: "made here",
  options: pointOptions(0.05),
  create: (options) =>
    pointSet(
      "gaussians",
      Array.from({ length: 8 }, (_, k) => String(k)),
      options,
      (label) => {
        const angle = (2 * Math.PI * label) / 8;
        return [0.75 * Math.cos(angle), 0.75 * Math.sin(angle)];
      },
    ),
});
