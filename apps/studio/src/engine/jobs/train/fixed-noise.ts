import { random } from "@ddpm/core";
import { ddim, denoiseWith, lastOf, samplingLoop, wrappers } from "@ddpm/diffusion";
import type { RunConfig, RunParts } from "@ddpm/runs";
import { even, trailing } from "@ddpm/schedules";
import type { TrainState } from "@ddpm/trainer";
import * as tf from "@tensorflow/tfjs-core";
import { rangeOf } from "../../../model/configuration/image-settings.ts";
import { type Pictures, picturesOf } from "../../images.ts";

/** Pictures of the fixed noise, and the steps to draw them in. */
const SAMPLES = 8;
const SAMPLE_STEPS = 10;

/**
 * Draws from one and the same noise, by the averaged weights, so that pictures can be compared during training.
 *
 * @param shape [H, W, C]
 */
export async function fixedNoise(
  { params, ema }: TrainState,
  { denoiser, parameterization, schedule }: RunParts,
  shape: readonly [number, number, number],
  { seed, data }: Pick<RunConfig, "seed" | "data">,
): Promise<Pictures> {
  const range = rangeOf(data);
  const { classes } = denoiser;
  const turns = classes && Array.from({ length: SAMPLES }, (_, k) => k % classes);
  const condition = turns ? { labels: tf.tensor1d(turns, "int32") } : {};
  const denoise = denoiseWith({ denoiser, params: ema ?? params, parameterization, schedule, condition });
  const spacing = schedule.steps ? trailing() : even();
  const images = await lastOf(
    samplingLoop({
      denoise: wrappers.create({ name: "clip", ...range })(denoise),
      schedule,
      sampler: ddim(),
      times: spacing.times(SAMPLE_STEPS, schedule),
      shape: [SAMPLES, ...shape],
      random: random(seed).fork("sample"),
      selfCondition: denoiser.takesGuess ?? false,
    }),
  );
  const pictures = await picturesOf(images, range);
  tf.dispose([images, condition as tf.TensorContainer]);
  return pictures;
}
