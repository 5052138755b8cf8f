import { both, type Kind } from "./kinds.ts";
import type { Preset } from "./preset.ts";

/** Images of Tiny ImageNet's training set: an epoch. */
const EPOCH = 100_000;

/** Document 004 as it reports: see docs/presets/tiny-imagenet.md for what is corrected and why. */
export const tinyImagenet: readonly Preset[] = both((kind) => {
  const corrected = kind === "corrected";
  return {
    ...shared("tiny-imagenet", kind, "as a report of 2023 describes it"),
    denoiser: {
      name: "annotated-later",
      channels: 3,
      dim: 64,
      dimMults: [1, 2, 4, 8],
      resnetBlockGroups: 8,
      stemKernel: 7,
      multipliesKernels: false,
    },
    schedule: { name: "cosine", steps: 1000 },
    loss: "l1",
    train: { ...training(kind), images: 100 * EPOCH, learningRate: { name: "constant", rate: 2e-4 } },
    // The library that its numbers were made with clips.
    sample: { ...sampling(corrected), clip: true },
  };
});

/** Document 004 as its repository has it, where its code is mended enough to run. */
export const tinyImagenetRepository: readonly Preset[] = both((kind) => {
  const corrected = kind === "corrected";
  return {
    ...shared("tiny-imagenet-repository", kind, "as the code of that report has it"),
    denoiser: {
      name: "annotated",
      channels: 3,
      dim: 64,
      dimMults: [1, 2, 4, 8, 16],
      unusedSkip: !corrected,
    },
    schedule: { name: corrected ? "cosine" : "linear", steps: 1000 },
    loss: "smooth-l1",
    train: { ...training(kind), images: 15 * EPOCH, learningRate: { name: "constant", rate: 1e-4 } },
    sample: sampling(corrected),
  };
});

function shared(name: string, kind: Kind, what: string) {
  return {
    name: `${name}-${kind}`,
    about: `Tiny ImageNet at 64×64, ${what}`,
    source: "Samartha27/ddpm_image_generation and its report (document 004)",
    data: { source: "data/tiny-imagenet-200", flip: true },
    heldOut: kind === "corrected" ? { amount: 0.02 } : null,
    every: { log: 6_400, samples: 64_000, checkpoint: 64_000 },
  } as const;
}

function training(kind: Kind) {
  return { batch: 64, accumulate: 16, clip: null, ema: kind === "corrected" ? "warmup" : null } as const;
}

function sampling(corrected: boolean) {
  const sampler = { name: "ddpm", mean: corrected ? "x0" : "eps" };
  return { sampler, steps: 1000, count: 64, clip: corrected };
}
