import type { Plugin } from "@ddpm/core";
import * as tf from "@tensorflow/tfjs-core";
import { plugin } from "../../plugin.ts";
import type { ElementLoss } from "./element-loss.ts";

/** (F − target)². Source: Ho et al. 2020, eq. 14. */
export const l2: Plugin<Record<never, never>, ElementLoss> = plugin({
  name: "l2",
  about: "Squared error.",
  source: "Ho et al. 2020, eq. 14",
  options: {},
  create: () => ({ name: "l2", apply: (f, target) => tf.squaredDifference(f, target) }),
});
