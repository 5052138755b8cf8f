import { type Preset, preset } from "./preset.ts";

const words = [
  ...["a", "two", "three", "small", "large", "red", "blue", "green", "orange", "purple", "cyan"],
  ...["circle", "square", "triangle", "star", "ring", "cross"],
  ...["circles", "squares", "triangles", "stars", "rings", "crosses"],
  ...["above", "below", "to", "the", "left", "right", "of"],
];

/** Never shown in training: each colour and each shape once, to see later whether the network puts together what it knows. */
const without = [
  ...["red star", "blue ring", "green cross"],
  ...["orange circle", "purple square", "cyan triangle"],
];

/** Coloured shapes as their captions describe them: a U-Net that attends to a small text model, both trained. */
export const captions: Preset = preset({
  name: "captions",
  about: "captioned shapes, 32×32: pictures of what a text describes",
  source: "made for this toolkit",
  data: { source: "captioned-shapes", size: 32, count: 1_000_000, without },
  denoiser: {
    name: "ho",
    width: 32,
    multipliers: [1, 2, 3],
    blocks: 1,
    attention: [2],
    heads: 4,
    groups: 8,
    dropout: 0,
    context: 64,
    vector: 64,
  },
  text: { tokenizer: { name: "words", words, length: 20 }, model: { name: "transformer", width: 64 } },
  schedule: { name: "cosine", steps: 1000 },
  parameterization: "x0",
  train: {
    images: 300_000,
    batch: 16,
    optimizer: "adam",
    learningRate: { name: "cosine", rate: 2e-3, warmup: 100 },
    labelDropout: 0.1,
  },
  every: { log: 3200, samples: 50_000, checkpoint: 50_000 },
});
