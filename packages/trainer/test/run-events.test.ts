import { importance } from "@ddpm/schedules";
import * as tf from "@tensorflow/tfjs";
import { describe, expect, test } from "vitest";
import { initialShare, type TrainProgress } from "../src/authoring.ts";
import { disposeState, emas, optimizers, type TrainingLoopOptions } from "../src/index.ts";
import { bitsOf, run } from "./support/run.ts";
import { options } from "./support/toy.ts";

const ema = emas.create("power");
const every = { samples: 8, heldOut: 16, checkpoint: 8 };

describe("tensors at due events", () => {
  const kinds: [string, Partial<TrainingLoopOptions>][] = [
    ...optimizers.names.map((name): [string, Partial<TrainingLoopOptions>] => [
      name,
      { optimizer: optimizers.create(name) },
    ]),
    ["microbatches", { accumulate: 4 }],
    ["times that are learned", { times: importance() }],
  ];
  test.each(kinds)("are as many at each one: %s", async (_, change) => {
    const before = tf.memory().numTensors;
    const counts: number[] = [];
    const { state } = await run(options({ ema, every, until: 160, logEvery: 24, ...change }), ({ type }) => {
      if (type === "due") counts.push(tf.memory().numTensors);
    });
    expect(counts.length).toBeGreaterThan(40);
    expect(new Set(counts.slice(4)).size).toBe(1);
    disposeState(state);
    expect(tf.memory().numTensors).toBe(before);
  });
});

test("how often samples, held-out losses and checkpoints are due, and how often progress is read, changes no bit", async () => {
  const seldom = await run(options({ ema }));
  const progress: TrainProgress[] = [];
  const often = await run(
    options({ ema, every, progressSeconds: 0, onProgress: (one) => progress.push(one) }),
  );
  expect(bitsOf(often.state)).toEqual(bitsOf(seldom.state));
  expect(progress.map(({ images }) => images)).toEqual(Array.from({ length: 12 }, (_, i) => 8 * (i + 1)));
  expect(progress[0]!.imagesPerSecond, "the first update compiles").toBeUndefined();
  for (const { loss, imagesPerSecond } of progress.slice(1)) {
    expect(loss).toBeGreaterThan(0);
    expect(imagesPerSecond).toBeGreaterThan(0);
  }
  disposeState(seldom.state);
  disposeState(often.state);
});

test("progress is reported after the first update, and not again before its time", async () => {
  const seen: number[] = [];
  const { state } = await run(options({ onProgress: ({ images }) => seen.push(images) }));
  expect(seen).toEqual([8]);
  disposeState(state);
});

test("the weight of the initial network in an average is the product of all decays", () => {
  const at = (spec: Parameters<typeof emas.create>[0], updates: number): number =>
    initialShare(emas.create(spec), { updates, batch: 16, until: 16 * updates, epoch: 100 });
  expect(at("constant", 400)).toBeCloseTo(0.9999 ** 400, 12);
  expect(at("constant", 0)).toBe(1);
  expect(at({ name: "constant", decay: 0.5 }, 3)).toBeCloseTo(0.125, 12);
  expect(at({ name: "constant", decay: 0.5 }, 11)).toBe(0);
  // Only each tenth update counts; the others leave the average as it is.
  expect(at({ name: "power", minimum: 0.9, decay: 0.9, every: 10 }, 40)).toBe(0);
  for (const name of ["warmup", "power", "half-life", "profile"]) expect(at(name, 50)).toBe(0);
});
