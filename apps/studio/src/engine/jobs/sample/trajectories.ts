import { type Denoise, momentAt, type NoiseSchedule, random, type Sampler } from "@ddpm/core";
import type { ImageShape } from "@ddpm/core/authoring";
import {
  type Frame,
  initialNoise,
  repaint,
  repaintTimes,
  type SamplingLoopOptions,
  samplers,
  samplingLoop,
  slerp,
  startFrom,
} from "@ddpm/diffusion";
import { type AnySpec, createBuiltIn } from "@ddpm/runs/authoring";
import * as tf from "@tensorflow/tfjs-core";
import type { GivenPicture, MixEnds, SampleInput, SampleTask } from "./sample-input.ts";
import { lastShare, upwards } from "./times.ts";

/** What the trajectories of all lanes share. */
export interface Ground extends Pick<SampleInput, "count" | "seed" | "task"> {
  readonly schedule: NoiseSchedule;
  /** [H, W, C] */
  readonly shape: ImageShape;
  /** From noise to 0. */
  readonly times: Float64Array;
  readonly selfCondition: boolean;
  readonly signal: AbortSignal;
  /** A network call for so many images; `clipped` keeps its guesses in the range of images. */
  denoise(count: number, clipped: boolean): Denoise;
}

/** A frame, and whether it belongs to encoding: from pictures to their noise. */
export type TrajectoryFrame = Frame & { readonly encoding: boolean };

type Trajectory = AsyncGenerator<TrajectoryFrame, void>;

/**
 * The trajectory of one lane.
 *
 * @throws DdpmError for options that do not fit, or a sampler that cannot encode where that is needed
 */
export function trajectory(ground: Ground, spec: AnySpec): Trajectory {
  const { task } = ground;
  if (task.kind === "paint") return painted(ground, task);
  const sampler = createBuiltIn(samplers, spec);
  if (task.kind === "edit") return edited(ground, sampler, task);
  return task.kind === "mix" ? mixed(ground, sampler, task.ends) : fromNoise(ground, sampler, task.first);
}

async function* fromNoise(ground: Ground, sampler: Sampler, first = 0): Trajectory {
  yield* frames(ground, { sampler, first, denoise: ground.denoise(ground.count, true) });
}

/** As `ddpm edit`. */
async function* edited(
  ground: Ground,
  sampler: Sampler,
  { picture, strength }: Extract<SampleTask, { kind: "edit" }>,
): Trajectory {
  const { shape, count, schedule, seed } = ground;
  const times = lastShare(ground.times, strength);
  const start = tf.tidy(() => {
    const seeds = { random: random(seed).fork("sample"), first: 0, shape: [count, ...shape] as const };
    return startFrom(copies(picture, shape, count), momentAt(schedule, times[0]!), seeds);
  });
  try {
    yield* frames(ground, { sampler, times, start, denoise: ground.denoise(count, true) });
  } finally {
    start.dispose();
  }
}

/** As `ddpm inpaint`. */
async function* painted(
  ground: Ground,
  { picture, keep, jump, repeats }: Extract<SampleTask, { kind: "paint" }>,
): Trajectory {
  const { shape, count } = ground;
  const image = tf.tidy(() => copies(picture, shape, count));
  const mask = tf.tensor4d(keep, [1, shape[0], shape[1], 1]);
  try {
    const times = repaintTimes(ground.times, jump, repeats);
    yield* frames(ground, { sampler: repaint({ image, mask }), times, denoise: ground.denoise(count, true) });
  } finally {
    tf.dispose([image, mask]);
  }
}

/** As `ddpm interpolate`: nothing is clipped, so that what was encoded comes back. */
async function* mixed(ground: Ground, sampler: Sampler, ends: MixEnds): Trajectory {
  const { count } = ground;
  const { order, adaptive, name } = sampler;
  if (order === 0 || adaptive) {
    const why = adaptive ? "chooses its own steps" : "adds noise";
    throw new Error(`${name} ${why}, so it cannot interpolate. Use ddim or dpm-2.`);
  }
  const noise =
    "seeds" in ends ? noiseOf(ground, ends.seeds) : yield* encoded(ground, sampler, ends.pictures);
  const start = tf.tidy(() => {
    const [a, b] = tf.split(noise, 2) as [tf.Tensor4D, tf.Tensor4D];
    const shares = Array.from({ length: count }, (_, stage) => stage / Math.max(1, count - 1));
    return tf.concat(shares.map((share) => slerp(a, b, share))) as tf.Tensor4D;
  });
  noise.dispose();
  try {
    yield* frames(ground, { sampler, start, denoise: ground.denoise(count, false) });
  } finally {
    start.dispose();
  }
}

/** The first noise of each of two seeds, at the scale of the trajectory's first time: [2, H, W, C]. */
function noiseOf({ schedule, times, shape }: Ground, seeds: readonly [number, number]): tf.Tensor4D {
  const { alpha, sigma } = schedule.at(times[0]!);
  return tf.tidy(() => {
    const noises = seeds.map((seed) =>
      initialNoise({ random: random(seed).fork("sample"), first: 0, shape: [1, ...shape] }),
    );
    return tf.mul(tf.concat(noises), Math.hypot(alpha, sigma)) as tf.Tensor4D;
  });
}

/** The noise of two pictures, [2, H, W, C]: as `ddpm encode`. */
async function* encoded(
  ground: Ground,
  sampler: Sampler,
  pictures: readonly GivenPicture[],
): AsyncGenerator<TrajectoryFrame, tf.Tensor> {
  const shape = [pictures.length, ...ground.shape] as const;
  const start = tf.tidy(() => tf.concat(pictures.map((one) => copies(one, ground.shape, 1))) as tf.Tensor4D);
  const times = upwards(ground.times, ground.schedule);
  const running = samplingLoop({
    ...optionsOf(ground),
    ...{ sampler, times, start, shape, denoise: ground.denoise(pictures.length, false) },
  });
  try {
    for await (const frame of running) {
      yield { ...frame, encoding: true };
      if (frame.done) return frame.x;
    }
    throw new Error("a sampling run ends with its last frame");
  } finally {
    start.dispose();
  }
}

type Own = Pick<SamplingLoopOptions, "sampler" | "denoise"> &
  Partial<Pick<SamplingLoopOptions, "times" | "start" | "first">>;

/** From noise to data. */
async function* frames(ground: Ground, own: Own): Trajectory {
  for await (const frame of samplingLoop({ ...optionsOf(ground), ...own })) {
    try {
      yield { ...frame, encoding: false };
    } finally {
      if (frame.done) frame.x.dispose();
    }
  }
}

function optionsOf({ schedule, times, shape, count, seed, selfCondition, signal }: Ground) {
  return {
    ...{ schedule, times, selfCondition, signal },
    shape: [count, ...shape] as const,
    random: random(seed).fork("sample"),
  };
}

/** A picture several times, [count, H, W, C]. */
function copies(
  picture: GivenPicture,
  [height, width, channels]: Ground["shape"],
  count: number,
): tf.Tensor4D {
  return tf.tile(tf.tensor4d(picture, [1, height, width, channels]), [count, 1, 1, 1]);
}
