import type { RunDescription } from "../config/schema.ts";
import { both, type Kind } from "./kinds.ts";

/** Images of MNIST's training set: an epoch. */
const EPOCH = 60_000;

/** The MNIST notebook of document 001: see docs/presets/mnist-nano.md for what is corrected and why. */
export const mnistNano: readonly RunDescription[] = both(described);

function described(kind: Kind): RunDescription {
  const corrected = kind === "corrected";
  return {
    name: `mnist-nano-${kind}`,
    about: "the course of document 001 on MNIST at 32×32, a tiny network, 4,096 images at a time",
    data: { source: "data/mnist", size: 32, flip: false },
    denoiser: { name: "nano", table: corrected ? "transformer" : "faithful" },
    schedule: { name: "linear", steps: 1000 },
    train: {
      images: 50 * EPOCH,
      batch: 4096,
      accumulate: 16,
      learningRate: { name: "constant", rate: 1e-3 },
      clip: null,
      ema: corrected ? "warmup" : null,
    },
    sample: {
      sampler: { name: "ddpm", variance: "fixed-large", mean: corrected ? "x0" : "eps" },
      steps: 1000,
      count: 100,
      clip: corrected,
    },
    every: { log: 4_096, samples: 5 * EPOCH, checkpoint: EPOCH },
  };
}
