import type { Dataset, Plugin } from "@ddpm/core";
import { plugin } from "../../plugin.ts";
import { type PointOptions, pointOptions, pointSet } from "../point-set.ts";

/**
 * Two arms of an Archimedean spiral, one and a half turns each: r = s, angle = 3π s + π k, where s = √u makes points
 * even along the arm.
 */
export const spiral: Plugin<PointOptions, Dataset> = plugin({
  name: "spiral",
  about: "Points in the plane on two arms of a spiral, shape [1, 1, 2].",
  source: "Archimedes, On Spirals; made here",
  options: pointOptions(0.02),
  create: (options) =>
    pointSet("spiral", ["first arm", "second arm"], options, (label, { uniform }) => {
      const s = Math.sqrt(uniform());
      const angle = 3 * Math.PI * s + Math.PI * label;
      return [0.9 * s * Math.cos(angle), 0.9 * s * Math.sin(angle)];
    }),
});
