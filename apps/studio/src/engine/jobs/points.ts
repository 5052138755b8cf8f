import { type Denoise, type ImageStream, type NoiseSchedule, random } from "@ddpm/core";
import { denoiseWith, l2, parameterizations, samplers, samplingLoop, simple } from "@ddpm/diffusion";
import { type AnySpec, createBuiltIn } from "@ddpm/runs/authoring";
import { schedules, spacings, uniform } from "@ddpm/schedules";
import { adamw, constantRate, disposeState, type TrainState, trainingLoop, warmupEma } from "@ddpm/trainer";
import { mlp } from "@ddpm/unet";
import * as tf from "@tensorflow/tfjs-core";
import { checkDevice, currentBackend } from "../backends/current.ts";
import type { Job } from "../protocol.ts";

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

export interface PointsInput {
  /** Clean points, x and y in turn, of variance about 1. */
  readonly points: Float32Array;
  readonly schedule: AnySpec;
  readonly parameterization: string;
  readonly width: number;
  readonly layers: number;
  readonly rate: number;
  readonly batch: number;
  /** Points to be seen in all. */
  readonly until: number;
  readonly seed: number;
  readonly view: PointsViewInput;
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

export type PointsEvent =
  | { readonly type: "step"; readonly seen: number; readonly loss: number; readonly perSecond: number }
  | { readonly type: "view"; readonly seen: number; readonly view: PointsView };

export interface PointsResult {
  readonly seen: number;
  readonly seconds: number;
}

interface Trained {
  readonly state: TrainState;
  readonly schedule: NoiseSchedule;
  denoise(state: TrainState): Denoise;
}

let trained: Trained | undefined;

/** Trains a small network on points in the plane and shows what it has learned on the way. */
export const pointsTrainJob: Job<"points.train"> = async (input, { emit, signal }) => {
  const chosen = await currentBackend();
  const { compile } = chosen.backend;
  const schedule = createBuiltIn(schedules, input.schedule);
  const parameterization = parameterizations.create(input.parameterization);
  const denoiser = mlp({ width: input.width, layers: input.layers });
  const denoise = ({ params, ema }: TrainState): Denoise =>
    denoiseWith({ denoiser, params: ema ?? params, parameterization, schedule });
  const started = performance.now();
  const events = trainingLoop({
    ...{ denoiser, parameterization, schedule, signal },
    times: uniform(),
    loss: l2(),
    weight: simple(),
    images: pointStream(input.points, input.seed),
    batch: input.batch,
    optimizer: adamw(),
    learningRate: constantRate({ rate: input.rate }),
    ema: warmupEma(),
    clip: 1,
    seed: input.seed,
    until: input.until,
    logEvery: 10 * input.batch,
    every: { view: Math.max(input.batch, Math.ceil(input.until / 12)) },
    ...(compile ? { compile } : {}),
  });
  for await (const event of events) {
    checkDevice(chosen);
    if (event.type === "done") {
      if (trained) disposeState(trained.state);
      trained = { state: event.state, schedule, denoise };
      return { seen: event.images, seconds: (performance.now() - started) / 1000 };
    }
    if (event.type === "step") {
      const { images: seen, loss, imagesPerSecond: perSecond } = event;
      emit({ type: "step", seen, loss, perSecond });
    } else {
      const view = await viewOf(denoise(event.state), schedule, input.view);
      emit({ type: "view", seen: event.images, view });
    }
  }
  throw new Error("a training ends with a done event");
};

/** The field and the paths of the network that was trained last. */
export const pointsViewJob: Job<"points.view"> = async (input) => {
  if (!trained) throw new Error("Nothing is trained yet.");
  const { state, schedule, denoise } = trained;
  return viewOf(denoise(state), schedule, input);
};

async function viewOf(
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

/** Points in an endless order that depends on the seed alone. */
function pointStream(points: Float32Array, seed: number): ImageStream {
  const length = points.length / 2;
  const order = random(seed).fork("points");
  return {
    shape: [1, 1, 2],
    length,
    fingerprint: `points-${length}`,
    async read(first, count) {
      const data = new Float32Array(2 * count);
      for (let row = 0; row < count; row++) {
        const k = order.fork(first + row).integer(length);
        data.set(points.subarray(2 * k, 2 * k + 2), 2 * row);
      }
      return { data, shape: [count, 1, 1, 2] };
    },
  };
}
