import type { Dataset, Plugin } from "@ddpm/core";
import { plugin } from "../../plugin.ts";
import { type PointOptions, pointOptions, pointSet } from "../point-set.ts";

/**
 * Two half circles that reach into each other, (cos a, sin a) and (1 − cos a, ½ − sin a) with a uniform on [0, π],
 * moved by (−½, −¼) and scaled by 0.6.
 *
 * Source: scikit-learn, `make_moons`.
 */
export const moons: Plugin<PointOptions, Dataset> = plugin({
  name: "moons",
  about: "Points in the plane on two half circles that reach into each other, shape [1, 1, 2].",
  source: "scikit-learn, make_moons",
  options: pointOptions(0.03),
  create: (options) =>
    pointSet("moons", ["upper", "lower"], options, (label, { uniform }) => {
      const a = Math.PI * uniform();
      const [x, y] = label === 0 ? [Math.cos(a), Math.sin(a)] : [1 - Math.cos(a), 0.5 - Math.sin(a)];
      return [0.6 * (x - 0.5), 0.6 * (y - 0.25)];
    }),
});
