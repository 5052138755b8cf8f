import type { RunConfig } from "@ddpm/runs";
import { createBuiltIn } from "@ddpm/runs/authoring";
import { learningRates } from "@ddpm/trainer";
import type { LearningRate } from "@ddpm/trainer/authoring";
import { withChange } from "../../../model/configuration/rate-changes.ts";

/** The rate of a training that runs: it may be changed, and every change becomes part of the configuration. */
export interface LiveRate {
  readonly learningRate: LearningRate;
  /** The configuration with all changes so far. */
  config(): RunConfig;
  /** Multiplies the course from the next update on. */
  change(factor: number): RunConfig;
}

/** The configuration with a changed rate. */
export function changedConfig(config: RunConfig, from: number, factor: number): RunConfig {
  const { train } = config;
  return { ...config, train: { ...train, learningRate: withChange(train.learningRate, from, factor) } };
}

/** @param images seen where training begins or resumes */
export function liveRate(begun: RunConfig, images: number): LiveRate {
  const course = ({ train }: RunConfig): LearningRate => createBuiltIn(learningRates, train.learningRate);
  let config = begun;
  let rate = course(config);
  let next = images;
  return {
    learningRate: {
      name: rate.name,
      at(progress) {
        next = Math.max(next, progress.images + progress.batch);
        return rate.at(progress);
      },
    },
    config: () => config,
    change(factor) {
      config = changedConfig(config, next, factor);
      rate = course(config);
      return config;
    },
  };
}
