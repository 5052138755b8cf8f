import { random, stepOfTime } from "@ddpm/core";
import type { LearningTimeSampler } from "@ddpm/core/authoring";
import { disposeTree, interpret } from "@ddpm/core/step";
import { importance, linear, rectified } from "@ddpm/schedules";
import * as tf from "@tensorflow/tfjs";
import { expect, test } from "vitest";
import { partInputs } from "../src/batch/part-inputs.ts";
import { probe } from "../src/batch/training-behaviour.ts";
import { disposeState, initialState, type TrainingLoopOptions, trainingLoop } from "../src/index.ts";
import { gradientStep } from "../src/loop/gradient.ts";
import { learnedObjective } from "../src/loop/learned-times.ts";
import { denoising } from "../src/objective/denoising.ts";
import { leavesOf } from "./support/leaves.ts";
import { run } from "./support/run.ts";
import { options, toy } from "./support/toy.ts";

const STEPS = 4;
const schedule = linear({ steps: STEPS, betaStart: 0.05, betaEnd: 0.6 });
const sampler: LearningTimeSampler = importance({ history: 2, uniformShare: 0.05 });

/** A chain so short, and so little to remember, that it has learned after a few updates. */
const training = (change: Partial<TrainingLoopOptions> = {}): TrainingLoopOptions =>
  options({ schedule, times: sampler, ...change });

test("a sampler learns the unweighted loss of every image, whichever parts the batch is cut into", async () => {
  const memories = [];
  const denoiser = toy({ running: false });
  for (const accumulate of [1, 4]) {
    const { state } = await run(training({ denoiser, until: 8, accumulate }));
    const { memory, unlearned } = state.times!;
    expect(memory).toEqual([]);
    memories.push(sampler.learn(unlearned!.times, unlearned!.losses, schedule).memory);
    disposeState(state);
  }
  const given = training({ denoiser });
  const { params, ...start } = initialState(given);
  const behaviour = probe(given.denoiser, params, given.images.shape);
  const step = gradientStep(denoising(given), { each: true });
  const root = random(given.seed);
  const images = await given.images.read(0, 8);
  const wanted: number[][] = Array.from({ length: STEPS }, () => []);
  for (let i = 0; i < 8; i++) {
    const own = { first: i, count: 1, update: 1 };
    const part = partInputs(given, root, behaviour, images, 0, own);
    const found = interpret(step)({ params, part });
    const [t] = sampler.draw({ first: i, count: 1, batch: 8 }, root.fork("times"), schedule);
    wanted[stepOfTime(t!, STEPS)]!.push(found.loss.dataSync()[0]!);
    disposeTree({ part, found });
  }
  disposeState({ params, ...start });
  for (const memory of memories) {
    expect(memory.map((losses) => losses.length)).toEqual(wanted.map((losses) => Math.min(losses.length, 2)));
    memory.forEach((losses, i) => {
      for (const [k, loss] of losses.entries()) expect(loss).toBeCloseTo(wanted[i]!.slice(-2)[k]!, 5);
    });
  }
});

test("times follow what was learned, and the memory is of losses before weighting", async () => {
  const { state } = await run(training({ until: 160 }));
  const { memory, unlearned } = state.times!;
  expect(unlearned!.times).toHaveLength(8);
  const learned = sampler.recall(memory);
  const weights = [1, 2, 3, 4].map((i) => learned.weight(i / STEPS, schedule));
  expect(Math.max(...weights) / Math.min(...weights)).toBeGreaterThan(1.2);
  const largest = Math.max(...memory.flat());
  expect(largest).toBeLessThan(20);
  disposeState(state);
});

test("weights keep the expectation of the gradient, which the uneven times alone would not", async () => {
  const count = 20_000;
  const uneven = sampler.recall([[0.1], [0.2], [0.4], [4]].map(([loss]) => [loss!, loss!]));
  const { name, draw } = uneven;
  const given = training({ denoiser: toy({ rate: 0, running: false }) });
  const params = given.denoiser.init(random(1));
  const images = await given.images.read(0, count);
  const step = gradientStep(denoising(given));
  const gradientOf = (times: TrainingLoopOptions["times"]): Float32Array =>
    tf.tidy(() => {
      const part = { first: 0, count, update: 1 };
      const objective = learnedObjective({ ...given, times }, undefined);
      const inputs = partInputs(
        { ...given, ...objective },
        random(3),
        { masks: [], updates: [] },
        images,
        0,
        part,
      );
      const { gradients } = step({ params, part: inputs });
      return gradients["in.kernel"]!.dataSync() as Float32Array;
    });
  const distance = (a: Float32Array, b: Float32Array): number =>
    Math.hypot(...a.map((value, i) => value - b[i]!)) / Math.hypot(...b);
  const even = gradientOf(sampler);
  expect(distance(gradientOf({ name, draw }), even)).toBeGreaterThan(0.3);
  expect(distance(gradientOf(uneven), even)).toBeLessThan(0.1);
  tf.dispose(params);
});

test("losses are read while the next update is under way: only those that are saved are waited for", async () => {
  const updates = 10;
  let [read, waited] = [0, 0];
  let arrive = (): void => {};
  /** A device on which a loss is there when the next update was sent, or when there is nothing else to do. */
  const compile: TrainingLoopOptions["compile"] = (step) => (inputs) => {
    arrive();
    const found = interpret(step)(inputs);
    const { losses } = leavesOf(found);
    if (!losses) return found;
    const values = losses.dataSync();
    losses.data = () =>
      new Promise((resolve) => {
        read++;
        const idle = setTimeout(() => {
          waited++;
          arrive();
        }, 30);
        arrive = () => {
          clearTimeout(idle);
          resolve(values);
        };
      }) as never;
    return found;
  };
  const { state } = await run(
    training({ compile, until: 8 * updates, logEvery: 8 * updates, every: { checkpoint: 40 } }),
  );
  expect([read, waited]).toEqual([updates, 2]);
  disposeState(state);
});

test("what cannot be learned from is refused before training starts", async () => {
  await expect(trainingLoop(training({ schedule: rectified() })).next()).rejects.toThrow(
    "rectified has no steps",
  );
  const state = { ...initialState(training()), times: { memory: [[1]] } };
  await expect(trainingLoop(training({ state })).next()).rejects.toThrow(
    "memory of 1 steps given for a schedule of 4",
  );
  disposeState(state);
});

test("a loss that is not finite is reported as such", async () => {
  const denoiser = toy();
  const broken = {
    ...denoiser,
    apply: (...given: Parameters<typeof denoiser.apply>) =>
      tf.mul(denoiser.apply(...given), Number.NaN) as tf.Tensor4D,
  };
  const before = tf.memory().numTensors;
  await expect(run(training({ denoiser: broken }))).rejects.toThrow(
    "the loss of update 1 (8 images) is not a finite",
  );
  expect(tf.memory().numTensors).toBe(before);
});
