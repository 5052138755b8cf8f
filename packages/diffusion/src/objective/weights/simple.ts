import type { LossWeight, Plugin } from "@ddpm/core";
import { plugin } from "../../plugin.ts";

/**
 * Counts every error of the network's own output alike, whatever that output means: L_simple. As a weight on
 * ‖x̂_0 − x_0‖² this is 1 / out².
 *
 * Source: Ho et al. 2020, eq. 14.
 */
export const simple: Plugin<Record<never, never>, LossWeight> = plugin({
  name: "simple",
  about: "The same weight for every error of the network's output (L_simple).",
  source: "Ho et al. 2020, eq. 14",
  options: {},
  create: () => ({ name: "simple", at: (_moment, _schedule, { out }) => 1 / out ** 2 }),
});
