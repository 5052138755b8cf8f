import {
  fail,
  type Moment,
  momentAt,
  type NoiseSchedule,
  random,
  type Sampler,
  timeAtHalfLogSnr,
} from "@ddpm/core";
import { sizeOf } from "@ddpm/core/authoring";
import * as tf from "@tensorflow/tfjs-core";
import type { Check } from "./check.ts";
import { gaussianOracle } from "./gaussian-oracle.ts";
import { expectNoLeak } from "./leaks.ts";
import { fittedOrder, rms } from "./order.ts";
import { type Trajectory, trajectoryOf } from "./trajectory.ts";

/** Options of {@link samplerSuite}. */
export interface SamplerSuiteOptions {
  /** Schedules to hold the sampler to, of several families if it can. */
  readonly schedules: readonly NoiseSchedule[];
  /** Half-log-SNR from which and to which the oracle is followed; −2.5 and 2.5. */
  readonly span?: readonly [from: number, to: number];
  /** Step counts that the order is fitted to; 20, 40 and 80, before float32 rounding shows. */
  readonly counts?: readonly number[];
  /** How far the fitted order may stay below the declared one; 0.3. */
  readonly slack?: number;
  /** Axes of the samples between batch and channels; 2, as images have. */
  readonly axes?: number;
  /** Steps of a sampler that adds noise, whose bias falls with them; 200. */
  readonly steps?: number;
}

const where = "testing/sampler-suite";
const USUAL = {
  span: [-2.5, 2.5],
  counts: [20, 40, 80],
  slack: 0.3,
  steps: 200,
  axes: 2,
} as const satisfies Partial<SamplerSuiteOptions>;
const oracle = gaussianOracle();
/** An error at which float32 has nothing more to gain. */
const FLOOR = 3e-6;
/** Bias allowed to a sampler that adds noise, as a share of the spread. */
const BIAS = 0.05;

/**
 * What every {@link Sampler} promises, on the active TensorFlow.js backend, without any network.
 * Use: `for (const { name, run } of samplerSuite(make, { schedules })) test(name, run)`.
 *
 * A deterministic sampler must follow the exact probability-flow solution of a Gaussian with the order it declares
 * (at least; less `slack`), or reach {@link FLOOR}. One that adds noise must end with the oracle's mean and standard
 * deviation: within five standard errors of the estimate and 5 % of the spread. One made for consistency models is shown
 * the oracle's consistency function; along trajectories there is no exact one, and its distribution is not checked.
 *
 * @param make builds the sampler; called more than once
 */
export function samplerSuite(make: () => Sampler, options: SamplerSuiteOptions): readonly Check[] {
  const { schedules, span, counts, slack, steps, axes } = { ...USUAL, ...options };
  const small = shapeOf(3, 4, axes);
  const task = (schedule: NoiseSchedule, count: number, shape = small): Trajectory => {
    const path = pathOf(schedule, count, span);
    return {
      sampler: make(),
      schedule,
      denoise,
      path,
      start: startOf(path[0]!, shape),
      shape,
    };
  };
  const first = (count = 6): Trajectory => task(schedules[0]!, count);
  const { order, adaptive, consistency } = make();
  const denoise = consistency === "end" ? oracle.consistent : oracle.denoise;

  const shared: Check[] = [
    {
      name: "a step keeps the shape and hands on its guess",
      run: () => checkStep(first()),
    },
    {
      name: "no tensor is left behind",
      run: () => expectNoLeak(where, () => trajectoryOf(first())),
    },
    {
      name: "the same seed gives the same bits",
      run: () => expectEqual("two runs of one seed", trajectoryOf(first()), trajectoryOf(first())),
    },
    {
      name: "a sample does not depend on the batch it is made in, unless steps adapt to it",
      run() {
        if (adaptive) return;
        const all = first();
        const alone = { ...all, shape: [1, ...small.slice(1)], first: 2, start: all.start.slice(24) };
        expectEqual("a sample alone and in a batch", trajectoryOf(alone), trajectoryOf(all).slice(24), 1e-6);
      },
    },
    ...schedules.map((schedule) => ({
      name: `samples come out finite at t = 0 of ${schedule.name}`,
      run() {
        const to = task(schedule, 5);
        const out = trajectoryOf({ ...to, path: [...to.path, momentAt(schedule, 0)] });
        if (!out.every(Number.isFinite))
          fail(where, `${to.sampler.name} ends with numbers that are not finite.`);
      },
    })),
    { name: order === 0 ? "draws noise" : "never draws noise", run: () => checkDraws(first(), order) },
  ];
  if (consistency === "trajectory") return shared;
  if (order === 0) {
    const shape = shapeOf(32, 64, axes);
    return [
      ...shared,
      ...schedules.map((schedule) => ({
        name: `mean and spread of the oracle on ${schedule.name}`,
        run: () => checkMarginal(task(schedule, steps, shape)),
      })),
    ];
  }
  return [
    ...shared,
    ...schedules.map((schedule) => ({
      name: adaptive ? `follows the oracle on ${schedule.name}` : `order ${order} on ${schedule.name}`,
      run() {
        const used = adaptive ? [1] : counts;
        const errors = used.map((count) => errorOf(task(schedule, count)));
        if (adaptive) {
          if (!(errors[0]! < BIAS * oracle.std)) fail(where, `${make().name} is off by ${errors[0]}.`);
          return;
        }
        if (errors.at(-1)! < FLOOR) return;
        const found = fittedOrder(used, errors);
        if (found >= order - slack) return;
        const shown = errors.map((error, i) => `${error.toExponential(2)} at ${used[i]} steps`).join(", ");
        fail(
          where,
          `${make().name} declares order ${order}, found ${found.toFixed(2)} on ${schedule.name}: ${shown}.`,
          "Declare the order that it has.",
        );
      },
    })),
  ];
}

/** [B, …, 3] of samples of so many places, as even along each axis as can be. */
function shapeOf(batch: number, places: number, axes: number): readonly number[] {
  const side = Math.round(places ** (1 / axes));
  return [batch, places / side ** (axes - 1), ...new Array<number>(axes - 1).fill(side), 3];
}

/** Moments evenly spaced in half-log-SNR. */
function pathOf(schedule: NoiseSchedule, count: number, [from, to]: readonly [number, number]): Moment[] {
  return Array.from({ length: count + 1 }, (_, i) =>
    momentAt(schedule, timeAtHalfLogSnr(schedule, from + ((to - from) * i) / count)),
  );
}

/** Numbers of the oracle's own distribution at `at`. */
function startOf(at: Moment, shape: readonly number[]): Float32Array {
  const { mean, std } = oracle.marginal(at);
  const size = sizeOf(shape);
  return random(7)
    .normals(size)
    .map((value, i) => mean[i % mean.length]! + std * value);
}

function errorOf(task: Trajectory): number {
  const exact = oracle.flow(task.start, task.path[0]!, task.path.at(-1)!);
  return rms(trajectoryOf(task), exact);
}

function checkStep({ sampler, schedule, denoise, path, start, shape }: Trajectory): void {
  tf.tidy(() => {
    const x = tf.tensor(start, [...shape]);
    const input = { x, from: path[0]!, to: path[1]!, denoise, schedule, noise: () => tf.zerosLike(x) };
    const out = sampler.step({ ...input, history: [], index: 0, count: path.length - 1, memo: undefined });
    for (const [what, tensor] of [
      ["x", out.x],
      ["the guess", out.prediction.x0],
    ] as const) {
      if (tensor.shape.join() !== shape.join()) {
        fail(where, `${what} comes out as [${tensor.shape}], expected [${shape}].`);
      }
    }
    if (x.isDisposed) fail(where, `${sampler.name} disposes of the samples it was lent.`);
  });
}

function checkDraws(task: Trajectory, order: number): void {
  let draws = 0;
  trajectoryOf({ ...task, drew: () => draws++ });
  if (order === 0 && draws === 0) fail(where, `${task.sampler.name} declares order 0, but draws no noise.`);
  if (order > 0 && draws > 0) {
    fail(where, `${task.sampler.name} declares order ${order}, but draws noise.`, "Declare order 0.");
  }
}

function checkMarginal(task: Trajectory): void {
  const { mean, std } = oracle.marginal(task.path.at(-1)!);
  const out = trajectoryOf(task);
  const channels = mean.length;
  const each = out.length / channels;
  for (let c = 0; c < channels; c++) {
    const values = out.filter((_, i) => i % channels === c);
    const average = values.reduce((sum, value) => sum + value, 0) / each;
    const spread = Math.sqrt(values.reduce((sum, value) => sum + (value - average) ** 2, 0) / each);
    const off = Math.abs(average - mean[c]!) - 5 * (std / Math.sqrt(each));
    const wide = Math.abs(spread - std) - 5 * (std / Math.sqrt(2 * each));
    if (Math.max(off, wide) <= BIAS * std) continue;
    fail(
      where,
      `${task.sampler.name} ends with mean ${average} and deviation ${spread} on ${task.schedule.name}, expected ${mean[c]} and ${std}.`,
    );
  }
}

function expectEqual(what: string, a: Float32Array, b: Float32Array, tolerance = 0): void {
  const worst = a.reduce((most, value, i) => Math.max(most, Math.abs(value - b[i]!)), 0);
  if (!(worst <= tolerance)) fail(where, `${what} differ by ${worst}.`);
}
