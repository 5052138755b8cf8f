import type { Plugin } from "@ddpm/core";
import { variationalBound } from "../held-out/variational-bound.ts";
import { type Metric, metric } from "../measure/metric.ts";

export const bitsPerDimension: Plugin<Record<never, never>, Metric<"heldOut">> = metric({
  name: "bits-per-dimension",
  label: "bits per dimension, at most",
  better: "lower",
  needs: ["heldOut"],
  about: "Variational bound on the negative log-likelihood of held-out images.",
  source: "Ho et al. 2020, eq. 5 and 13",
  options: {},
  async compute({ heldOut }) {
    const { steps, range } = heldOut;
    if (steps === undefined || steps < 2) return { note: "Bits per dimension need a schedule with steps." };
    if (range === "unit")
      return { note: "Bits per dimension need images in [-1, 1]; the run's are in [0, 1]." };
    const { total, prior, chain, decoder } = await variationalBound(heldOut, steps);
    return {
      estimate: total,
      details: [
        { label: "of them the prior", estimate: prior },
        { label: "the chain of steps", estimate: chain },
        { label: "the decoder", estimate: decoder },
      ],
    };
  },
});
