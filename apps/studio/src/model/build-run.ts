import { losses, parameterizations, weights } from "@ddpm/diffusion";
import { schedules, timeSamplers } from "@ddpm/schedules";
import { clips, emas, learningRates, optimizers, type TrainOptions } from "@ddpm/trainer";
import { denoisers } from "@ddpm/unet";
import { type RunConfig, toSpec } from "./run-config.ts";

/** The parts of a run that training needs. */
export type RunParts = Pick<
  TrainOptions,
  | "denoiser"
  | "schedule"
  | "parameterization"
  | "loss"
  | "weight"
  | "times"
  | "optimizer"
  | "learningRate"
  | "ema"
  | "clip"
>;

/**
 * A configuration as working parts.
 *
 * @throws DdpmError for an unknown plugin or option
 */
export function buildRun({ train, ...config }: RunConfig): RunParts {
  const { clip, ema } = train;
  return {
    denoiser: denoisers.create(toSpec(config.denoiser)),
    schedule: schedules.create(toSpec(config.schedule)),
    parameterization: parameterizations.create(toSpec(config.parameterization)),
    loss: losses.create(toSpec(config.loss)),
    weight: weights.create(toSpec(config.weight)),
    times: timeSamplers.create(toSpec(config.times)),
    optimizer: optimizers.create(toSpec(train.optimizer)),
    learningRate: learningRates.create(toSpec(train.learningRate)),
    ...(ema === null ? {} : { ema: emas.create(toSpec(ema)) }),
    ...(clip === null ? {} : { clip: typeof clip === "number" ? clip : clips.create(toSpec(clip)) }),
  };
}
