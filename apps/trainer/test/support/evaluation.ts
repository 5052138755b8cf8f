import type { Reporter } from "../../src/output/reporter.ts";
import { smallRun } from "./small-run.ts";

/** A training of seconds with held-out images. */
export const shapesRun = {
  ...smallRun,
  data: { source: "shapes", size: 16, count: 300 },
  heldOut: { amount: 40, pairs: 8, buckets: 4 },
  train: { images: 32, batch: 8 },
  sample: { steps: 2, count: 4, strip: 2, stages: 2 },
  every: { log: 8, samples: 32, checkpoint: 16, heldOut: 32, keep: 2 },
};

/** Flags of an evaluation of seconds. */
export const quickEvaluation = {
  ...{ extractor: "classifier:features=6,width=4,images=256,batch=32", seed: 0, backend: "wasm" },
  ...{ count: 32, batch: 8 },
};

/** Prints nothing; throws at the n-th batch of samples, as a kill would. */
export function silent(killAt: number = Number.POSITIVE_INFINITY): Reporter & { readonly lines: string[] } {
  const lines: string[] = [];
  let batches = 0;
  return {
    lines,
    say: (text) => void lines.push(text),
    preview() {},
    progress({ unit }) {
      if (unit === "samples" && ++batches >= killAt) throw new Error("killed");
    },
    event() {},
    close() {},
  };
}
