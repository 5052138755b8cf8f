import { type Denoise, type NoiseSchedule, random } from "@ddpm/core";
import { samplers, samplingLoop } from "@ddpm/diffusion";
import { type AnySpec, createBuiltIn } from "@ddpm/runs/authoring";
import { spacings } from "@ddpm/schedules";
import * as tf from "@tensorflow/tfjs-core";
import type { Job } from "../../job.ts";
import { lastTrained } from "./trained.ts";

/** What the picture of the field and the paths shows. */
export interface PointsViewInput {
  /** Time of the field, in (0, 1]. */
  readonly t: number;
  /** Arrows along each side of the square, and half of its length. */
  readonly side: number;
  readonly reach: number;
  /** Points that are followed, and their steps. */
  readonly count: number;
  readonly steps: number;
  readonly sampler: AnySpec;
  readonly seed: number;
}

/** What the network has learned, as numbers to draw. */
export interface PointsView {
  readonly t: number;
  readonly side: number;
  /** x, y, and the step towards the guess of the clean point, for each arrow. */
  readonly field: Float32Array;
  /** Positions of all followed points after each step, from noise to data: [steps + 1][2 · count]. */
  readonly paths: readonly Float32Array[];
  readonly calls: number;
}

/** The field and the paths of the network that was trained last. */
export const viewPoints: Job<PointsViewInput, PointsView> = async (input) => {
  const { state, schedule, denoise } = lastTrained();
  return viewOf(denoise(state), schedule, input);
};

/** The field and the paths of a network. */
export async function viewOf(
  denoise: Denoise,
  schedule: NoiseSchedule,
  input: PointsViewInput,
): Promise<PointsView> {
  const field = await fieldOf(denoise, schedule, input);
  const { paths, calls } = await pathsOf(denoise, schedule, input);
  return { t: input.t, side: input.side, field, paths, calls };
}

async function fieldOf(
  denoise: Denoise,
  schedule: NoiseSchedule,
  { t, side, reach }: PointsViewInput,
): Promise<Float32Array> {
  const at = (k: number): number => reach * ((2 * (k + 0.5)) / side - 1);
  const places = Float32Array.from({ length: 2 * side * side }, (_, i) => {
    const cell = Math.floor(i / 2);
    return at(i % 2 === 0 ? cell % side : Math.floor(cell / side));
  });
  const steps = tf.tidy(() => {
    const x = tf.tensor4d(places, [side * side, 1, 1, 2]);
    return tf.sub(denoise(x, { t, ...schedule.at(t) }).x0, x);
  });
  const towards = await steps.data<"float32">();
  steps.dispose();
  return Float32Array.from({ length: 2 * places.length }, (_, i) => {
    const cell = Math.floor(i / 4);
    return (i % 4 < 2 ? places : towards)[2 * cell + (i % 2)]!;
  });
}

async function pathsOf(
  denoise: Denoise,
  schedule: NoiseSchedule,
  { count, steps, sampler, seed }: PointsViewInput,
): Promise<Pick<PointsView, "paths" | "calls">> {
  const spacing = spacings.create(schedule.steps ? "trailing" : "even");
  const paths: Float32Array[] = [];
  let calls = 0;
  const frames = samplingLoop({
    ...{ denoise, schedule },
    sampler: createBuiltIn(samplers, sampler),
    times: spacing.times(steps, schedule),
    shape: [count, 1, 1, 2],
    random: random(seed).fork("sample"),
  });
  paths.push(startOf(count, seed));
  for await (const frame of frames) {
    paths.push((await frame.x.data<"float32">()).slice());
    calls = frame.calls;
    if (frame.done) frame.x.dispose();
  }
  return { paths, calls };
}

/** The noise that sample k starts from, as `sample` draws it. */
function startOf(count: number, seed: number): Float32Array {
  const root = random(seed).fork("sample");
  const start = new Float32Array(2 * count);
  for (let k = 0; k < count; k++) start.set(root.fork(k).fork("start").normals(2), 2 * k);
  return start;
}
