import type { ImageStream } from "@ddpm/core";
import { withTokens } from "@ddpm/text";
import type { TrainingLoopOptions, TrainState } from "@ddpm/trainer";
import type { RunConfig } from "../config/schema.ts";
import type { RunParts } from "./parts.ts";

/** What a training needs in addition to its configuration. */
export interface TrainingInput {
  readonly parts: RunParts;
  readonly images: ImageStream;
  readonly compile?: TrainingLoopOptions["compile"] | undefined;
  /** What it resumes from; default: initial weights. */
  readonly state?: TrainState | undefined;
  readonly signal?: TrainingLoopOptions["signal"] | undefined;
  readonly onProgress?: TrainingLoopOptions["onProgress"] | undefined;
}

/** The options of `trainingLoop` for a configuration. */
export function trainingLoopOptions(
  { data, train, every, heldOut, seed }: RunConfig,
  { parts, images, compile, state, signal, onProgress }: TrainingInput,
): TrainingLoopOptions {
  const { ema, tokenizer, ...rest } = parts;
  const { batch, accumulate, labelDropout, selfCondition } = train;
  const evaluations = heldOut ? { heldOut: every.heldOut ?? every.samples } : {};
  return {
    ...rest,
    ...(ema ? { ema } : {}),
    ...{ images: tokenizer ? withTokens(images, tokenizer) : images, batch, accumulate, labelDropout, seed },
    grey: data.range === "unit" ? 0.5 : 0,
    recompute: train.recompute === "blocks",
    ...(selfCondition === undefined ? {} : { selfCondition }),
    until: train.images,
    // In this order: when a checkpoint is saved, everything up to it is done, its pictures included.
    every: { samples: every.samples, ...evaluations, checkpoint: every.checkpoint },
    logEvery: every.log,
    ...(state ? { state } : {}),
    ...(compile ? { compile } : {}),
    ...(signal ? { signal } : {}),
    ...(onProgress ? { onProgress } : {}),
  };
}
