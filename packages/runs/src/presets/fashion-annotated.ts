import { both, type Kind } from "./kinds.ts";
import type { Preset, PresetDefinition } from "./preset.ts";

/** Images of Fashion-MNIST's training set: an epoch. */
const EPOCH = 60_000;
/** T. */
const STEPS = 600;

/** What document 003 leaves to choose, as its notebook sets it. */
interface Choices {
  readonly convnext?: boolean;
  readonly loss?: "l1" | "l2" | "smooth-l1";
  readonly schedule?: { readonly name: string; readonly [option: string]: unknown };
}

/** Document 003 and its variants: see docs/presets/fashion-annotated.md for what is corrected and why. */
export const fashionAnnotated: readonly Preset[] = [
  ...variant("", "ResNet blocks, Huber loss, linear schedule"),
  ...variant("-convnext", "with ConvNeXt blocks", { convnext: true }),
  ...variant("-l1", "with the absolute error", { loss: "l1" }),
  ...variant("-l2", "with the squared error", { loss: "l2" }),
  ...variant("-cosine", "with the cosine schedule of the notebook, betas up to 0.02", {
    schedule: { name: "cosine", steps: STEPS, minBeta: 1e-4, maxBeta: 0.02 },
  }),
  ...variant("-cosine-text", "with the cosine schedule of the text, not squared, betas up to 0.9999", {
    schedule: { name: "cosine", steps: STEPS, power: 1, minBeta: 1e-4, maxBeta: 0.9999 },
  }).slice(0, 1),
];

function variant(suffix: string, about: string, choices: Choices = {}): readonly Preset[] {
  return both((kind) => described(kind, suffix, about, choices));
}

function described(kind: Kind, suffix: string, about: string, choices: Choices): PresetDefinition {
  const { convnext = false, loss = "smooth-l1", schedule } = choices;
  const corrected = kind === "corrected";
  const given = schedule ?? { name: "linear", steps: STEPS };
  // Betas that reach noise in 600 steps; the cosine as its paper has it.
  const meant = { name: given.name, steps: STEPS, ...(given.name === "linear" ? { rescale: true } : {}) };
  return {
    name: `fashion-annotated${suffix}-${kind}`,
    about: `Fashion-MNIST, ${corrected && suffix === "-cosine" ? "with the cosine schedule" : about}`,
    source: "cpcdoy/dl_practical_work, practical_work_3_ddpm (document 003)",
    data: { source: "data/fashion-mnist", flip: true },
    denoiser: {
      name: "annotated",
      dimMults: [1, 2, 4],
      useConvnext: convnext,
      resnetBlockGroups: 1,
      unusedSkip: !corrected,
    },
    schedule: corrected ? meant : given,
    loss,
    train: {
      images: 20 * EPOCH,
      batch: 128,
      optimizer: "adamw",
      learningRate: { name: "constant", rate: 1e-3 },
      clip: null,
      ema: corrected ? "warmup" : null,
    },
    sample: {
      sampler: { name: "ddpm", mean: corrected ? "x0" : "eps" },
      steps: STEPS,
      count: 32,
      clip: corrected,
    },
    every: { log: 12_800, samples: EPOCH, checkpoint: EPOCH / 2 },
  };
}
