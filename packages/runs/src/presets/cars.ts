import { both, type Kind } from "./kinds.ts";
import type { Preset, PresetDefinition } from "./preset.ts";

/** Images of Stanford Cars, both of its folders together: an epoch. */
const EPOCH = 16_185;

/** Documents 000 and 002: see docs/presets/cars.md for what is corrected and why. */
export const cars: readonly Preset[] = both((kind) =>
  described(kind, {
    name: "cars",
    about: "Stanford Cars at 64×64, 54.6 million parameters",
    chMults: { faithful: [1, 2, 2, 2], corrected: [1, 2, 4, 8] },
    rate: 1e-4,
    epochs: 300,
    warmup: 10,
  }),
);

/** The same with the small network and the short training that its notebook keeps ready. */
export const carsSmall: readonly Preset[] = both((kind) =>
  described(kind, {
    name: "cars-small",
    about: "Stanford Cars at 64×64, a network of 9.1 million parameters, a short training",
    chMults: { faithful: [1, 2, 1, 1], corrected: [1, 2, 2, 2] },
    rate: 6e-4,
    epochs: 10,
    warmup: 2,
  }),
);

interface Size {
  readonly name: string;
  readonly about: string;
  /** Each level's growth over the one before as published; corrected, over the width. */
  readonly chMults: Readonly<Record<Kind, number[]>>;
  readonly rate: number;
  readonly epochs: number;
  readonly warmup: number;
}

function described(kind: Kind, { name, about, chMults, rate, epochs, warmup }: Size): PresetDefinition {
  const corrected = kind === "corrected";
  return {
    name: `${name}-${kind}`,
    about,
    source: "mxagar/diffusion-examples, ddpm/ddpm.ipynb (document 000)",
    data: {
      source: "data/stanford-cars",
      size: 64,
      fit: corrected ? "crop" : "stretch",
      kernel: "linear",
      flip: true,
    },
    denoiser: {
      name: "labml",
      chMults: chMults[kind],
      cumulative: !corrected,
      attentionNorm: corrected,
      headGroups: corrected ? 32 : 8,
    },
    schedule: { name: "linear", steps: 512, rescale: corrected },
    heldOut: corrected ? { amount: 0.02 } : null,
    train: {
      images: epochs * EPOCH,
      batch: 64,
      accumulate: 16,
      learningRate: { name: "epochs", rate, warmup },
      clip: null,
      ema: corrected ? "warmup" : null,
    },
    sample: {
      sampler: { name: "ddpm", mean: corrected ? "x0" : "eps" },
      steps: 512,
      count: 8,
      strip: 1,
      clip: corrected,
    },
    every: { log: 6_400, samples: EPOCH, checkpoint: EPOCH },
  };
}
