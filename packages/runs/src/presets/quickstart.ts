import { type Preset, preset } from "./preset.ts";

/** A small network on the embedded shapes: from nothing to pictures in minutes on two cores. */
export const quickstart: Preset = preset({
  name: "quickstart",
  about: "coloured shapes drawn from a seed, a small network, about three minutes on two cores",
  source: "made for this toolkit",
  data: { source: "shapes", size: 16, count: 60_000 },
  // Eight groups everywhere: a network that diffusers has, too.
  denoiser: {
    name: "ho",
    width: 32,
    multipliers: [1, 2, 2],
    blocks: 1,
    attention: [2],
    // In every norm, as diffusers' networks have it.
    groups: 8,
    dropout: 0,
  },
  schedule: { name: "cosine", steps: 1000 },
  parameterization: "v",
  train: {
    images: 48_000,
    batch: 16,
    optimizer: "adam",
    learningRate: { name: "cosine", rate: 1e-3, warmup: 200 },
  },
  every: { log: 800, samples: 12_000, checkpoint: 12_000 },
});
