import {
  type Denoise,
  expectShape,
  fail,
  type Moment,
  momentAt,
  type NoiseSchedule,
  type Prediction,
  type Random,
  type Sampler,
} from "@ddpm/core";
import * as tf from "@tensorflow/tfjs-core";
import { initialNoise, type Seeds, stepNoise } from "../process/initial-noise.ts";
import { countingCalls } from "./count-calls.ts";
import { eventLoopYielder } from "./event-loop.ts";

/** All of {@link samplingLoop}'s choices. */
export interface SamplingLoopOptions {
  readonly denoise: Denoise;
  readonly schedule: NoiseSchedule;
  readonly sampler: Sampler;
  /** Where to stop over, from the start to the end: `spacing.times(steps, schedule)`, or any other path. */
  readonly times: ArrayLike<number>;
  /** [B, …, C] of the samples to make. */
  readonly shape: readonly number[];
  /**
   * The source of everything random. Sample k starts from `random.fork(k).fork("start")` and draws step i's noise
   * from `random.fork(k).fork(i)`: it does not depend on the batch it is made in.
   */
  readonly random: Random;
  /** Number k of the batch's first sample; 0 when left out. */
  readonly first?: number;
  /**
   * Samples at the first of `times`, [B, …, C], lent. Left out: noise times √(alpha² + sigma²), which is 1 on
   * variance-preserving schedules, and right for data of mean 0 and variance 1 on any.
   */
  readonly start?: tf.Tensor;
  /** Resume after this frame, lent: the same bits as without the interruption. */
  readonly resume?: Pick<Frame, "x" | "step" | "calls" | "at" | "history" | "memo">;
  /** Show the network its last guess of x_0 at each call (Chen et al. 2022, "Analog Bits"); false. */
  readonly selfCondition?: boolean;
  /** Looked at before each step; an AbortSignal fits. */
  readonly signal?: { readonly aborted: boolean };
}

/**
 * The state of sampling after a step. Tensors are lent until the next frame is asked for: clone what is to stay. Only `x`
 * of the last frame, where `done` is true, belongs to the caller, who disposes of it.
 */
export interface Frame {
  /** Samples at `at`, [B, …, C]. */
  readonly x: tf.Tensor;
  /** Whether this is the last frame: `x` are the samples. */
  readonly done: boolean;
  /** The guess of the clean samples that the step started from, [B, …, C]. */
  readonly x0: tf.Tensor;
  readonly at: Moment;
  /** Steps done, from 1. */
  readonly step: number;
  /** Steps there will be; 0 when an adaptive sampler does not know. */
  readonly count: number;
  /** Network calls so far. */
  readonly calls: number;
  /** What the sampler will be shown next: there to {@link SampleOptions.resume}. */
  readonly history: readonly Prediction[];
  readonly memo: unknown;
}

type State = Pick<Frame, "x" | "step" | "calls" | "at" | "history" | "memo">;

/** Shows the network its last prediction of x_0. */
function conditioned(denoise: Denoise, [last]: readonly Prediction[]): Denoise {
  let guess = last?.x0;
  return (x, at) => {
    const found = denoise(x, at, guess);
    guess = found.x0;
    return found;
  };
}

/**
 * Samples from noise to data: yields one frame per step, the last one with the final samples. All other tensors are
 * freed in the end, also when the caller stops early or a step throws; nothing is read back on the way.
 *
 * Between steps it yields to the event loop at least every 50 ms; one step may block for as long as it takes.
 *
 * @throws DdpmError for times that make no path, a start of another shape, or when `signal` says stop
 */
export async function* samplingLoop(options: SamplingLoopOptions): AsyncGenerator<Frame, void, void> {
  const { schedule, sampler, signal, selfCondition } = options;
  const memory = Math.max(sampler.memory ?? 0, selfCondition ? 1 : 0);
  const path = pathOf(options);
  const last = path.length - 1;
  const ended = ({ at, step }: State): boolean => (sampler.adaptive ? !(at.t > path[last]!.t) : step >= last);
  const count = sampler.adaptive ? 0 : last;
  const seeds: Seeds = { random: options.random, first: options.first ?? 0, shape: options.shape };
  const owned = new Set<tf.Tensor>();
  const yieldToEventLoop = eventLoopYielder();
  try {
    let state = begin(options, seeds, path[0]!);
    hold(owned, state);
    if (ended(state)) fail("diffusion/sampling-loop", `nothing is left to do after ${state.step} steps.`);
    while (!ended(state)) {
      await yieldToEventLoop();
      if (signal?.aborted)
        fail("diffusion/sampling-loop", `stopped by its signal after ${state.step} steps.`);
      const { denoise: plain, calls } = countingCalls(options.denoise);
      const denoise = selfCondition ? conditioned(plain, state.history) : plain;
      const from = sampler.adaptive ? state.at : path[state.step]!;
      const to = sampler.adaptive ? path[last]! : path[state.step + 1]!;
      const before = state;
      const { x, prediction, at, memo } = tf.tidy(() => {
        const { step: index, memo } = before;
        const history = before.history.slice(0, sampler.memory ?? 0);
        const noise = stepNoise(seeds, index);
        const { x } = before;
        const output = sampler.step({ x, from, to, denoise, schedule, noise, history, index, count, memo });
        return { ...output } as typeof output & tf.TensorContainerObject;
      });
      const history = [prediction, ...before.history].slice(0, memory);
      state = { x, history, memo, at: at ?? to, step: before.step + 1, calls: before.calls + calls() };
      hold(owned, state, prediction);
      const done = ended(state);
      if (done) owned.delete(state.x);
      yield { ...state, x0: prediction.x0, count, done };
      release(owned, state);
    }
  } finally {
    for (const tensor of owned) tensor.dispose();
  }
}

/** Runs to the end and returns the final samples, [B, …, C], the caller's to dispose. */
export async function lastOf(frames: AsyncIterable<Frame>): Promise<tf.Tensor> {
  let last: Frame | undefined;
  for await (const frame of frames) last = frame;
  return last!.x;
}

function pathOf({ times, schedule, sampler }: SamplingLoopOptions): Moment[] {
  const path = Array.from(times, (t) => {
    if (!(t >= 0 && t <= 1)) fail("diffusion/sampling-loop", `time ${t} given, expected numbers in [0, 1].`);
    return momentAt(schedule, t);
  });
  if (path.length < 2)
    fail("diffusion/sampling-loop", `${path.length} times given, expected a start and an end.`);
  path.forEach(({ t }, i) => {
    if (i > 0 && t === path[i - 1]!.t) fail("diffusion/sampling-loop", `time ${t} is there twice in a row.`);
  });
  if (sampler.adaptive && !(path[0]!.t > path.at(-1)!.t)) {
    fail("diffusion/sampling-loop", `${sampler.name} goes from high to low times only.`);
  }
  return path;
}

function begin({ start, resume }: SamplingLoopOptions, seeds: Seeds, at: Moment): State {
  if (resume) {
    expectShape("diffusion/sampling-loop", "the frame to resume from", resume.x.shape, seeds.shape);
    return { ...resume, x: tf.clone(resume.x), history: resume.history.map(copyOf) };
  }
  const fresh = { at, step: 0, calls: 0, history: [], memo: undefined };
  if (start) {
    expectShape("diffusion/sampling-loop", "start", start.shape, seeds.shape);
    return { ...fresh, x: tf.clone(start) };
  }
  const scale = Math.sqrt(at.alpha ** 2 + at.sigma ** 2);
  return { ...fresh, x: tf.tidy(() => tf.mul(initialNoise(seeds), scale)) };
}

function copyOf({ at, ...tensors }: Prediction): Prediction {
  const copies = Object.entries(tensors).map(([name, tensor]) => [name, tf.clone(tensor)]);
  return { ...Object.fromEntries(copies), at };
}

function tensorsOf({ at: _, ...tensors }: Prediction): tf.Tensor[] {
  return Object.values(tensors);
}

/** Takes over what a step returned. */
function hold(owned: Set<tf.Tensor>, { x, history }: State, ...more: readonly Prediction[]): void {
  for (const tensor of [x, ...[...history, ...more].flatMap(tensorsOf)]) owned.add(tensor);
}

/** Frees what the next step will not see. */
function release(owned: Set<tf.Tensor>, { x, history }: State): void {
  const wanted = new Set<tf.Tensor>([x, ...history.flatMap(tensorsOf)]);
  for (const tensor of owned) {
    if (wanted.has(tensor)) continue;
    tensor.dispose();
    owned.delete(tensor);
  }
}
