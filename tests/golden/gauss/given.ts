import * as tf from "@tensorflow/tfjs-core";
import {
  type Moment,
  momentAt,
  type NoiseSchedule,
  type Parameterization,
} from "../../../packages/core/src/index.ts";
import { combine, levelColumns, posteriorOf } from "../../../packages/diffusion/src/authoring.ts";
import { diffuse } from "../../../packages/diffusion/src/index.ts";
import type { Stored } from "../sampling/file.ts";
import { images } from "./numbers.ts";
import type { Batch } from "./objectives.ts";

/** One block of `main`: a batch, and what references make of it with two schedules. */
export interface MainCase {
  readonly T: number;
  readonly t: readonly number[];
  readonly x0: Stored;
  readonly noise: Stored;
  readonly model_output: Stored;
  readonly model_var_values: Stored;
  readonly schedules: readonly MainSchedule[];
}

/** What references make of a block with one schedule: tensors by name, and two blocks of their own. */
export type MainSchedule = Readonly<Record<string, unknown>> & {
  readonly schedule: string;
  readonly lucidrains?: unknown;
  readonly p_mean_variance_and_vlb?: unknown;
};

/** Everything that the parts of a case share. */
export interface Given extends Batch {
  readonly moments: readonly Moment[];
  readonly x: tf.Tensor;
  readonly output: tf.Tensor;
  readonly variance: tf.Tensor;
  /** Steps of the chain. */
  readonly steps: readonly number[];
}

/** The parts that a schedule adds to a block. */
export function givenOf(
  { T, t, x0, noise, model_output: output, model_var_values: variance }: MainCase,
  schedule: NoiseSchedule,
): Given {
  const times = t.map((step) => (step + 1) / T);
  const moments = times.map((time) => momentAt(schedule, time));
  const { alpha, sigma } = levelColumns(moments);
  const [clean, fresh] = [images(x0), images(noise)];
  return {
    x0: clean,
    eps: fresh,
    times,
    steps: t,
    schedule,
    moments,
    x: diffuse(clean, fresh, tf.tensor1d(alpha), tf.tensor1d(sigma)),
    output: images(output),
    variance: images(variance),
  };
}

/** The posterior of the step down from image i. */
export const before = ({ schedule, times, moments }: Given, i: number) =>
  posteriorOf(moments[i]!, momentAt(schedule, Math.max(times[i]! - 1 / schedule.steps!, 0)), schedule);

/** Images from each image and two numbers of its level. */
export function mixed(
  { moments }: Given,
  a: tf.Tensor,
  b: tf.Tensor,
  numbers: (at: Moment, i: number) => readonly [number, number],
): tf.Tensor {
  const rows = moments.map((at, i) => {
    const [first, second] = numbers(at, i);
    const row = (images_: tf.Tensor) => tf.slice(images_, [i, 0, 0, 0], [1, -1, -1, -1]);
    return combine([first, row(a)], [second, row(b)]);
  });
  return tf.concat(rows, 0);
}

/** x̂_0 of an output. */
export const guessOf = (given: Given, meaning: Parameterization, output = given.output): tf.Tensor =>
  mixed(given, given.x, output, (at) => {
    const { skip, out } = meaning.at(at, given.schedule);
    return [skip, out];
  });

/** The largest factor by which a meaning blows up the rounding of what it is given. */
export const gainOf = ({ moments, schedule }: Given, meaning: Parameterization): number =>
  Math.max(
    ...moments.map((at) => Math.max(...Object.values(meaning.at(at, schedule)).slice(0, 2).map(Math.abs))),
  );
