import { both, type Kind } from "./kinds.ts";
import type { Preset, PresetDefinition } from "./preset.ts";

/** Images of CIFAR-10's training set, and of one class: epochs of the two stages. */
const EPOCH = 50_000;
const CLASS_EPOCH = 5_000;

/** Document 001, both stages: see docs/presets/cifar.md for what is corrected and why. */
export const cifar: readonly Preset[] = both(described);

function described(kind: Kind): PresetDefinition {
  const corrected = kind === "corrected";
  return {
    name: `cifar-${kind}`,
    about: "CIFAR-10: 15 epochs on all classes, then 10 on ships",
    source: "dataflowr/notebooks, Module18/ddpm_micro_sol.ipynb (document 001)",
    data: { source: "data/cifar-10-batches-bin", range: corrected ? "symmetric" : "unit", flip: false },
    denoiser: {
      name: "dataflowr",
      table: corrected ? "transformer" : "faithful",
      norm: corrected ? "group" : "batch",
      timeEmbedding: corrected ? "inside" : "before",
    },
    schedule: { name: "linear", steps: 1000 },
    train: {
      images: 15 * EPOCH,
      batch: 512,
      accumulate: corrected ? 8 : 1,
      learningRate: { name: "constant", rate: corrected ? 2e-4 : 1e-3 },
      clip: null,
      ema: corrected ? "warmup" : null,
    },
    sample: {
      sampler: { name: "ddpm", variance: "fixed-large", mean: corrected ? "x0" : "eps" },
      steps: 1000,
      count: 100,
      clip: corrected,
    },
    every: { log: 5_120, samples: EPOCH, checkpoint: EPOCH },
    stages: {
      all: {},
      class: {
        data: { classes: ["ship"] },
        train: { images: 10 * CLASS_EPOCH },
        every: { log: 2_560, samples: CLASS_EPOCH, checkpoint: CLASS_EPOCH },
      },
    },
  };
}
