import type { Parameterization, Plugin } from "@ddpm/core";
import { plugin } from "../../plugin.ts";
import { type TimeInput, timeInputShape } from "./network-noise.ts";

/**
 * The network returns the velocity of a straight path, F = ε − x_0: x̂_0 = (x − sigma · F) / (alpha + sigma). It receives
 * timeScale · t, also on a chain.
 *
 * Source: Liu et al. 2022, "Flow Straight and Fast", eq. 1; Lipman et al. 2022, "Flow Matching".
 */
export const flow: Plugin<Pick<TimeInput, "timeScale">, Parameterization> = plugin({
  name: "flow",
  about: "The network returns the velocity of a straight path, ε − x_0.",
  source: "Liu et al. 2022 (rectified flow), eq. 1",
  options: { timeScale: timeInputShape.timeScale },
  create: ({ timeScale }) => ({
    name: "flow",
    at: ({ alpha, sigma, t }) => ({
      skip: 1 / (alpha + sigma),
      out: -sigma / (alpha + sigma),
      in: 1,
      noise: timeScale * t,
    }),
  }),
});
