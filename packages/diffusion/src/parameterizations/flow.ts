import { type Parameterization, type Plugin, plugin } from "@ddpm/core";

/**
 * The network returns the velocity of a straight path, F = ε − x_0: x̂_0 = (x − sigma · F) / (alpha + sigma). It is told
 * 1000 · t.
 *
 * Source: Liu et al. 2022, "Flow Straight and Fast", eq. 1; Lipman et al. 2022, "Flow Matching".
 */
export const flow: Plugin<Record<never, never>, Parameterization> = plugin({
  name: "flow",
  about: "The network returns the velocity of a straight path, ε − x_0.",
  source: "Liu et al. 2022 (rectified flow), eq. 1",
  options: {},
  create: () => ({
    name: "flow",
    at: ({ alpha, sigma, t }) => ({
      skip: 1 / (alpha + sigma),
      out: -sigma / (alpha + sigma),
      in: 1,
      noise: 1000 * t,
    }),
  }),
});
