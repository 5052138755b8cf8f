import { type Preset, preset } from "../preset.ts";
import { klNetwork } from "./kl-network.ts";

const data = { source: "data/flowers", size: 64 } as const;

/** Photos at 64×64, flowers say: an autoencoder of latents at 16×16, and a network on them. */
export const flowersInLatents: readonly Preset[] = [
  preset({
    name: "flowers-autoencoder",
    about: "a KL autoencoder of flowers 64×64, latents of 16×16×4",
    source: "made for this toolkit; the autoencoder is of Rombach et al. 2022",
    data,
    autoencoder: { network: klNetwork([32, 64, 64]) },
    train: {
      images: 100_000,
      batch: 16,
      learningRate: { name: "cosine", rate: 1e-3, warmup: 200 },
    },
    sample: { count: 32 },
    every: { log: 1_600, samples: 20_000, checkpoint: 10_000 },
  }),
  preset({
    name: "flowers-latent",
    about: "flowers 64×64 in the latents of an autoencoder, 16×16×4",
    source: "made for this toolkit; Rombach et al. 2022",
    data,
    latent: {},
    denoiser: {
      ...{
        name: "ho",
        width: 64,
        multipliers: [1, 2, 3],
        blocks: 1,
        attention: [1, 2],
        groups: 8,
        dropout: 0,
      },
    },
    schedule: { name: "cosine", steps: 1000 },
    parameterization: "v",
    train: {
      images: 400_000,
      batch: 16,
      learningRate: { name: "cosine", rate: 5e-4, warmup: 500 },
    },
    every: { log: 3_200, samples: 50_000, checkpoint: 20_000 },
  }),
];
