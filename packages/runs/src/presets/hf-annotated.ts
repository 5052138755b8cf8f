import { both, type Kind } from "./kinds.ts";
import type { Preset, PresetDefinition } from "./preset.ts";

/** Images of Fashion-MNIST's training set: an epoch. */
const EPOCH = 60_000;

/** The later text of "The Annotated Diffusion Model": see docs/presets/hf-annotated-v2.md. */
export const hfAnnotatedV2: readonly Preset[] = both(described);

function described(kind: Kind): PresetDefinition {
  const corrected = kind === "corrected";
  return {
    name: `hf-annotated-v2-${kind}`,
    about: "Fashion-MNIST, as the later text of The Annotated Diffusion Model trains",
    source: "huggingface/blog, annotated-diffusion.md (October 2023 to November 2024)",
    data: { source: "data/fashion-mnist", flip: true },
    denoiser: { name: "annotated-later", dimMults: [1, 2, 4], multipliesKernels: !corrected },
    schedule: { name: "linear", steps: 300, rescale: corrected },
    loss: "smooth-l1",
    train: {
      images: 6 * EPOCH,
      batch: 128,
      accumulate: 4,
      learningRate: { name: "constant", rate: 1e-3 },
      clip: null,
      ema: corrected ? "warmup" : null,
    },
    sample: {
      sampler: { name: "ddpm", mean: corrected ? "x0" : "eps" },
      steps: 300,
      count: 64,
      clip: corrected,
    },
    every: { log: 12_800, samples: 1000 * 128, checkpoint: EPOCH },
  };
}
