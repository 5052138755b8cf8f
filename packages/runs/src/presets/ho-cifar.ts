import { both, type Kind } from "./kinds.ts";
import type { Preset, PresetDefinition } from "./preset.ts";

/** The paper's CIFAR-10: see docs/presets/ho-cifar.md for what is changed and why. */
export const hoCifar: readonly Preset[] = both(described);

function described(kind: Kind): PresetDefinition {
  const corrected = kind === "corrected";
  return {
    name: `ho-cifar-${kind}`,
    about: "CIFAR-10, as the DDPM paper trains",
    source: "Ho et al. 2020; hojonathanho/diffusion",
    data: { source: "data/cifar-10-batches-bin", flip: true },
    denoiser: { name: "ho", padding: corrected ? "symmetric" : "same" },
    schedule: { name: "linear", steps: 1000 },
    heldOut: corrected ? { amount: 0.02 } : null,
    train: {
      images: 800_000 * 128,
      batch: 128,
      accumulate: 8,
      learningRate: { name: "constant", rate: 2e-4, warmup: 5000 },
      clip: 1,
      // As published, the first update copies and all later ones keep 0.9999.
      ema: { name: "warmup", decay: 0.9999, minimum: corrected ? 0 : 0.9999 },
    },
    sample: {
      sampler: { name: "ddpm", variance: "fixed-large" },
      steps: 1000,
      count: 64,
      clip: true,
    },
    every: { log: 12_800, samples: 1_000_000, checkpoint: 100_000, keep: 2 },
  };
}
