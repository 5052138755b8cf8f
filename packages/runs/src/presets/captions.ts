import { type Preset, preset } from "./preset.ts";

const words = [
  ...["a", "two", "three", "small", "large", "red", "blue", "green", "orange", "purple", "cyan"],
  ...["circle", "square", "triangle", "star", "ring", "cross"],
  ...["circles", "squares", "triangles", "stars", "rings", "crosses"],
  ...["above", "below", "to", "the", "left", "right", "of"],
];

/** Coloured shapes as their captions describe them: a U-Net that attends to a small text model, both trained. */
export const captions: Preset = preset({
  name: "captions",
  about: "captioned shapes, 32×32: pictures of what a text describes",
  source: "made for this toolkit",
  data: { source: "captioned-shapes", size: 32, count: 1_000_000 },
  denoiser: {
    name: "ho",
    width: 32,
    multipliers: [1, 2, 2],
    blocks: 1,
    attention: [2],
    heads: 4,
    groups: 8,
    dropout: 0,
    context: 64,
  },
  text: { tokenizer: { name: "words", words, length: 20 }, model: { name: "transformer", width: 64 } },
  schedule: { name: "cosine", steps: 1000 },
  parameterization: "v",
  train: {
    images: 400_000,
    batch: 32,
    optimizer: "adam",
    learningRate: { name: "cosine", rate: 1e-3, warmup: 500 },
    labelDropout: 0.1,
  },
  every: { log: 3200, samples: 50_000, checkpoint: 50_000 },
});
