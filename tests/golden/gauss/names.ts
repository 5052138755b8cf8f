import * as tf from "@tensorflow/tfjs-core";
import { momentAt, type NoiseSchedule } from "../../../packages/core/src/index.ts";
import { diffuse, levelColumns, type VarianceKind } from "../../../packages/diffusion/src/index.ts";
import { cosine, linear } from "../../../packages/schedules/src/index.ts";
import { unsupported } from "../result.ts";
import type { Stored } from "../sampling/file.ts";

/** The chains of improved-diffusion by name. */
export function improvedChain(name: string, steps: number): NoiseSchedule {
  if (name === "improved-diffusion linear") return linear({ steps, rescale: true });
  if (name === "improved-diffusion cosine") return cosine({ steps });
  return unsupported(`the schedule ${name} is not known`);
}

/** Variance types of improved-diffusion. */
export const kindsOf: Readonly<Record<string, VarianceKind>> = {
  FIXED_SMALL: "fixed-small",
  FIXED_LARGE: "fixed-large",
  LEARNED: "learned-log",
  LEARNED_RANGE: "learned-range",
};

/** A block of which only some members are known. */
export type Part = Readonly<Record<string, never>>;

/** A member that is a stored tensor. */
export const stored = (value: unknown): Stored => value as Stored;

/** Noises images with levels of a schedule at steps. */
export function noised(
  schedule: NoiseSchedule,
  steps: readonly number[],
  x0: tf.Tensor4D,
  noise: tf.Tensor4D,
): tf.Tensor4D {
  const { alpha, sigma } = levelColumns(
    steps.map((step) => momentAt(schedule, (step + 1) / schedule.steps!)),
  );
  return diffuse(x0, noise, tf.tensor1d(alpha), tf.tensor1d(sigma));
}
