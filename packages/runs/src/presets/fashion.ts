import { type Preset, preset } from "./preset.ts";

/** Fashion-MNIST with a small U-Net of the DDPM paper's kind: clothes within half an hour on two cores. */
export const fashion: Preset = preset({
  name: "fashion",
  about: "Fashion-MNIST 28×28, a small U-Net of the DDPM paper's kind",
  source: "made for this toolkit; the network is of Ho et al. 2020",
  data: { source: "data/fashion-mnist" },
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
    images: 300_000,
    batch: 64,
    optimizer: "adam",
    learningRate: { name: "cosine", rate: 1e-3, warmup: 200 },
  },
  sample: { sampler: "ddim", steps: 50, count: 64, strip: 4, stages: 9 },
  every: { log: 6_400, samples: 50_000, checkpoint: 25_000 },
});
