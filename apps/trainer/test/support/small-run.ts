import { writeFileSync } from "node:fs";
import { join } from "node:path";

/** A training of seconds of the smallest network, with dropout, EMA, clipping and a course of rates. */
export const smallRun = {
  name: "small",
  seed: 3,
  data: { source: "shapes", size: 16, count: 60 },
  denoiser: {
    name: "ho",
    width: 8,
    multipliers: [1],
    blocks: 1,
    attention: [],
    groupSize: 4,
    dropout: 0.1,
  },
  schedule: { name: "cosine", steps: 100 },
  train: {
    images: 96,
    batch: 8,
    learningRate: { name: "cosine", rate: 1e-3, warmup: 4 },
    ema: "warmup",
    clip: 1,
  },
  sample: { steps: 4, count: 4, strip: 2, stages: 3 },
  every: { log: 16, samples: 48, checkpoint: 24, keep: 2 },
};

/** Writes the small run, changed by `changes`, as a config file into a folder. */
export function writeSmallRun(folder: string, changes: object = {}): string {
  const path = join(folder, "small.json");
  writeFileSync(path, JSON.stringify({ ...smallRun, ...changes }));
  return path;
}
