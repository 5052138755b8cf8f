import { both, type Kind } from "./kinds.ts";
import type { Preset, PresetDefinition } from "./preset.ts";

/** Images of MNIST's training set: an epoch. */
const EPOCH = 60_000;

/** The MNIST notebook of document 001: see docs/presets/mnist-nano.md for what is corrected and why. */
export const mnistNano: readonly Preset[] = both(described);

function described(kind: Kind): PresetDefinition {
  const corrected = kind === "corrected";
  return {
    name: `mnist-nano-${kind}`,
    about: "MNIST at 32×32, a tiny network, batches of 4,096 images",
    source: "dataflowr/notebooks, Module18/ddpm_nano_sol.ipynb",
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
