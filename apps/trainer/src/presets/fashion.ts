import type { RunDescription } from "../config/schema.ts";

/**
 * Fashion-MNIST with the annotated-diffusion U-Net of the practical (dim 28, multipliers 1, 2, 4, ResNet
 * blocks, T = 600, Huber), in its corrected form.
 */
export const fashion: RunDescription = {
  name: "fashion",
  about: "Fashion-MNIST 28×28, annotated-diffusion U-Net, T = 600; give --data the folder of IDX files",
  data: { source: "fashion-mnist" },
  denoiser: { name: "annotated", dim: 28, multipliers: [1, 2, 4], channels: 1 },
  schedule: { name: "cosine", steps: 600 },
  loss: "huber",
  train: {
    images: 1_200_000,
    batch: 128,
    optimizer: "adamw",
    learningRate: { name: "cosine", rate: 1e-3, warmup: 10_000 },
  },
  every: { log: 6400, samples: 60_000, checkpoint: 60_000 },
};
