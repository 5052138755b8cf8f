import { type Preset, preset } from "../preset.ts";
import { klNetwork } from "./kl-network.ts";

const data = { source: "shapes", size: 64, count: 60_000 } as const;

/** The embedded shapes at 64×64: an autoencoder of latents at 16×16, and a small network on them. */
export const shapesInLatents: readonly Preset[] = [
  preset({
    name: "autoencoder",
    about: "a KL autoencoder of coloured shapes 64×64, latents of 16×16×4",
    source: "made for this toolkit; the autoencoder is of Rombach et al. 2022",
    data,
    autoencoder: { network: klNetwork([16, 32, 64]) },
    train: {
      images: 40_000,
      batch: 16,
      learningRate: { name: "cosine", rate: 1e-3, warmup: 100 },
    },
    sample: { count: 32 },
    every: { log: 800, samples: 8_000, checkpoint: 8_000 },
  }),
  preset({
    name: "latent",
    about: "coloured shapes 64×64 in the latents of an autoencoder",
    source: "made for this toolkit; Rombach et al. 2022",
    data,
    latent: {},
    denoiser: {
      ...{ name: "ho", width: 32, multipliers: [1, 2, 2], blocks: 1, attention: [2], groups: 8, dropout: 0 },
    },
    schedule: { name: "cosine", steps: 1000 },
    parameterization: "v",
    train: {
      images: 96_000,
      batch: 16,
      learningRate: { name: "cosine", rate: 1e-3, warmup: 200 },
    },
    every: { log: 800, samples: 24_000, checkpoint: 12_000 },
  }),
];
