import { type Preset, preset } from "../preset.ts";
import { klNetwork } from "./kl-network.ts";

const data = { source: "data/fashion-mnist" } as const;

/** Fashion-MNIST: an autoencoder of latents at 7×7, and a small network on them. */
export const fashionInLatents: readonly Preset[] = [
  preset({
    name: "fashion-autoencoder",
    about: "a KL autoencoder of Fashion-MNIST 28×28, latents of 7×7×4",
    source: "made for this toolkit; the autoencoder is of Rombach et al. 2022",
    data,
    autoencoder: { network: klNetwork([16, 32, 64]) },
    train: {
      images: 120_000,
      batch: 32,
      learningRate: { name: "cosine", rate: 1e-3, warmup: 100 },
    },
    sample: { count: 32 },
    every: { log: 3_200, samples: 20_000, checkpoint: 20_000 },
  }),
  preset({
    name: "fashion-latent",
    about: "Fashion-MNIST in the latents of an autoencoder, 7×7×4",
    source: "made for this toolkit; Rombach et al. 2022",
    data,
    latent: {},
    denoiser: {
      ...{ name: "ho", width: 64, multipliers: [1], blocks: 2, attention: [0], groups: 8, dropout: 0 },
    },
    schedule: { name: "cosine", steps: 1000 },
    parameterization: "v",
    train: {
      images: 300_000,
      batch: 64,
      learningRate: { name: "cosine", rate: 1e-3, warmup: 200 },
    },
    every: { log: 6_400, samples: 50_000, checkpoint: 25_000 },
  }),
];
