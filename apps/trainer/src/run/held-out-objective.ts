import type { ImageStream } from "@ddpm/core";
import type { RunConfig, RunParts } from "@ddpm/runs";
import { withTokens } from "@ddpm/text";
import { heldOut } from "@ddpm/trainer";
import type { HeldOut } from "@ddpm/trainer/authoring";
import type { Model } from "../drawing/open-model.ts";
import { largestDivisor } from "./largest-divisor.ts";

/** Pairs and ranges where a run holds out no images. */
const STANDARD = { pairs: 512, buckets: 8 };

/** A run whose objective is measured. */
export interface MeasuredRun {
  readonly config: RunConfig;
  readonly parts: RunParts;
  readonly backend: Model["backend"];
}

/** The training objective of a run on held-out images, at fixed times and noise. */
export function heldOutObjective({ config, parts, backend }: MeasuredRun, images: ImageStream): HeldOut {
  const { pairs, buckets } = config.heldOut ?? STANDARD;
  const { batch, accumulate } = config.train;
  const { tokenizer } = parts;
  return heldOut({
    ...parts,
    images: tokenizer ? withTokens(images, tokenizer) : images,
    count: pairs,
    batch: largestDivisor(pairs, batch / accumulate),
    buckets,
    seed: config.seed,
    ...(backend.compile ? { compile: backend.compile } : {}),
  });
}
