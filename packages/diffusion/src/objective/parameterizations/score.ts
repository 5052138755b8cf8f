import { fail, type Parameterization, type Plugin } from "@ddpm/core";
import { noSignal } from "@ddpm/core/authoring";
import { plugin } from "../../plugin.ts";

/**
 * The network returns the score times the noise level, F = u · ∇ₓ ln p(x / alpha; u) = −ε with u = sigma / alpha:
 * x̂_0 = x / alpha + u · F. Its inputs are x / alpha and ln(u / 2).
 *
 * Source: Song et al. 2021 (score SDE), eq. 7, for alpha = 1; Karras et al. 2022, table 1, column VE.
 */
export const score: Plugin<Record<never, never>, Parameterization> = plugin({
  name: "score",
  about: "The network returns the score times the noise level, −ε: variance exploding models.",
  source: "Song et al. 2021 (score SDE), eq. 7; Karras et al. 2022, table 1",
  options: {},
  create: () => ({
    name: "score",
    at({ alpha, sigma, t }, schedule) {
      if (noSignal({ alpha, sigma })) {
        fail("diffusion/score", `at t = ${t} of ${schedule.name} no signal is left.`, "Train with v or x0.");
      }
      const u = sigma / alpha;
      return { skip: 1 / alpha, out: u, in: 1 / alpha, noise: Math.log(u / 2) };
    },
  }),
});
