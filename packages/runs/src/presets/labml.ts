import { both, type Kind } from "./kinds.ts";
import type { Preset, PresetDefinition } from "./preset.ts";

/** Images of MNIST's training set, and of CelebA: epochs. */
const MNIST_EPOCH = 60_000;
const CELEBA_EPOCH = 202_599;

/** labml.ai's notebook: see docs/presets/labml.md for what is corrected and why. */
export const labmlMnist: readonly Preset[] = both((kind) =>
  described(kind, {
    name: "labml-mnist",
    about: "MNIST at 32×32, as labml.ai's annotated DDPM trains",
    data: { source: "data/mnist", flip: false },
    epoch: MNIST_EPOCH,
    epochs: 5,
  }),
);

/** labml.ai's experiment. */
export const labmlCeleba: readonly Preset[] = both((kind) =>
  described(kind, {
    name: "labml-celeba",
    about: "CelebA at 32×32, as labml.ai's annotated DDPM trains",
    data: { source: "data/celeba", fit: "crop", kernel: "linear", flip: kind === "corrected" },
    epoch: CELEBA_EPOCH,
    epochs: 100,
  }),
);

interface Set {
  readonly name: string;
  readonly about: string;
  readonly data: PresetDefinition["data"];
  readonly epoch: number;
  readonly epochs: number;
}

function described(kind: Kind, { name, about, data, epoch, epochs }: Set): PresetDefinition {
  const corrected = kind === "corrected";
  return {
    name: `${name}-${kind}`,
    about,
    source: "labmlai/annotated_deep_learning_paper_implementations, labml_nn/diffusion/ddpm",
    data: { ...data, size: 32, range: corrected ? "symmetric" : "unit" },
    denoiser: {
      name: "labml",
      chMults: [1, 2, 2, 4],
      isAttn: [false, false, false, true],
      cumulative: !corrected,
      attentionNorm: corrected,
      headGroups: corrected ? 32 : 8,
    },
    schedule: { name: "linear", steps: 1000 },
    train: {
      images: epochs * epoch,
      batch: 64,
      accumulate: 4,
      learningRate: { name: "constant", rate: 2e-5 },
      clip: null,
      ema: corrected ? "warmup" : null,
    },
    sample: {
      sampler: {
        name: "ddpm",
        variance: "fixed-large",
        mean: corrected ? "x0" : "eps",
        lastNoise: !corrected,
      },
      steps: 1000,
      count: 16,
      clip: corrected,
    },
    every: { log: 6_400, samples: epoch, checkpoint: Math.min(epoch, 60_000) },
  };
}
