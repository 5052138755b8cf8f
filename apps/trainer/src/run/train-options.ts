import type { ChosenBackend } from "@ddpm/backends";
import type { ImageStream } from "@ddpm/core";
import type { TrainOptions, TrainState } from "@ddpm/trainer";
import type { RunConfig } from "../config/schema.ts";
import type { BuiltRun } from "./build.ts";
import { greyOf } from "./pictures.ts";
import { type Rescue, slowed } from "./rescue.ts";

/** What a run's training is given besides its configuration. */
export interface Given {
  readonly parts: BuiltRun;
  readonly images: ImageStream;
  readonly backend: ChosenBackend;
  readonly state?: TrainState;
  readonly rescues?: readonly Rescue[];
  readonly signal?: { readonly aborted: boolean };
  readonly onProgress?: TrainOptions["onProgress"];
}

/** The options of `train` that a configuration stands for. */
export function trainOptions({ data, train, every, heldOut, seed }: RunConfig, given: Given): TrainOptions {
  const { parts, images, backend, state, rescues = [], signal } = given;
  const { ema, ...rest } = parts;
  const measured = heldOut ? { heldOut: every.heldOut ?? every.samples } : {};
  return {
    ...rest,
    ...(ema ? { ema } : {}),
    learningRate: slowed(parts.learningRate, rescues),
    images,
    grey: greyOf(data),
    batch: train.batch,
    accumulate: train.accumulate,
    labelDropout: train.labelDropout,
    recompute: train.recompute === "blocks",
    ...(train.selfCondition === undefined ? {} : { selfCondition: train.selfCondition }),
    seed,
    until: train.images,
    ...(state ? { state } : {}),
    // In this order: a checkpoint says that everything up to it is done, its pictures included.
    every: { samples: every.samples, ...measured, checkpoint: every.checkpoint },
    logEvery: every.log,
    ...(backend.compile ? { compile: backend.compile } : {}),
    ...(signal ? { signal } : {}),
    ...(given.onProgress ? { onProgress: given.onProgress } : {}),
  };
}
