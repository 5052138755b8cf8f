import type { ImageStream } from "@ddpm/core";
import { withTokens } from "@ddpm/text";
import type { TrainingLoopOptions, TrainState } from "@ddpm/trainer";
import type { AnyLoopOptions, LoopOptions } from "@ddpm/trainer/authoring";
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
export function trainingLoopOptions(config: RunConfig, input: TrainingInput): AnyLoopOptions {
  const { parts, images } = input;
  const { tokenizer, trained, optimizer, learningRate, clip, ema, ...denoising } = parts;
  const loop = {
    ...loopOptions(config, input),
    ...{ optimizer, learningRate, ...(clip ? { clip } : {}), ...(ema ? { ema } : {}) },
  };
  if (trained) return { ...loop, images, objective: trained.objective };
  const { labelDropout, selfCondition } = config.train;
  return {
    ...{ ...denoising, ...loop },
    ...{ images: tokenizer ? withTokens(images, tokenizer) : images, labelDropout },
    grey: config.data.range === "unit" ? 0.5 : 0,
    ...(selfCondition === undefined ? {} : { selfCondition }),
  };
}

function loopOptions(
  { train, every, heldOut, seed }: RunConfig,
  { compile, state, signal, onProgress }: TrainingInput,
): Omit<LoopOptions, "images" | "optimizer" | "learningRate"> {
  const { batch, accumulate } = train;
  const evaluations = heldOut ? { heldOut: every.heldOut ?? every.samples } : {};
  return {
    ...{ batch, accumulate, seed },
    recompute: train.recompute === "blocks",
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
