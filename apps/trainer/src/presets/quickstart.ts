import type { RunDescription } from "../config/schema.ts";

/** A small network on the embedded shapes: from nothing to pictures in minutes on two cores. */
export const quickstart: RunDescription = {
  name: "quickstart",
  about: "coloured shapes drawn from a seed, a small network, about three minutes on two cores",
  data: { source: "shapes", size: 16, count: 60_000 },
  denoiser: { name: "ho", width: 16, multipliers: [1, 2, 2], blocks: 1, attention: [2], dropout: 0 },
  schedule: { name: "cosine", steps: 1000 },
  parameterization: "v",
  train: {
    images: 60000,
    batch: 32,
    optimizer: "adam",
    learningRate: { name: "cosine", rate: 2e-3, warmup: 100 },
  },
  every: { log: 1600, samples: 20000, checkpoint: 20000 },
};
