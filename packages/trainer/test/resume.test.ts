import type { Params } from "@ddpm/core";
import * as tf from "@tensorflow/tfjs";
import fc from "fast-check";
import { expect, test } from "vitest";
import { disposeState, emas, learningRates, optimizers, type TrainState } from "../src/index.ts";
import { bitsOf, copyOf, logged, run } from "./support/run.ts";
import { options } from "./support/toy.ts";

const training = (batch: number, accumulate: number) =>
  options({
    batch,
    accumulate,
    ema: emas.create({ name: "power", decay: 0.95, every: 2 }),
    clip: 0.7,
    labelDropout: 0.2,
    optimizer: optimizers.create({ name: "adamw", decay: 0.1, amsgrad: true }),
    learningRate: learningRates.create({ name: "cosine", rate: 0.02, warmup: 3 }),
    until: 96,
    logEvery: 32,
  });

test("stopping anywhere and resuming gives the same bits and the same log as never stopping", async () => {
  const sizes = fc.constantFrom([4, 1], [8, 2], [12, 3]);
  const stops = fc.array(fc.integer({ min: 1, max: 95 }), { minLength: 1, maxLength: 4 });
  const property = fc.asyncProperty(sizes, stops, async ([batch, accumulate], images) => {
    const before = tf.memory().numTensors;
    const straight = await run(training(batch!, accumulate!));
    const events = [];
    let state: TrainState | undefined;
    for (const stop of [...images].sort((a, b) => a - b)) {
      const signal = { aborted: false };
      const part = await run(
        {
          ...training(batch!, accumulate!),
          ...(state ? { state } : {}),
          signal,
          every: { stop: Math.max(stop, batch!) },
        },
        (event) => {
          if (event.type === "due" && event.what === "stop" && event.images >= stop) signal.aborted = true;
        },
      );
      events.push(...part.events);
      state = copyOf(part.state);
      disposeState(part.state);
    }
    const last = await run({ ...training(batch!, accumulate!), state: state! });
    events.push(...last.events);
    expect(bitsOf(last.state)).toEqual(bitsOf(straight.state));
    expect(logged(events)).toEqual(logged(straight.events));
    disposeState(straight.state);
    disposeState(last.state);
    expect(tf.memory().numTensors).toBe(before);
  });
  await fc.assert(property, { numRuns: 25, seed: 1 });
});

test("the order of names in a loaded state does not matter", async () => {
  const straight = await run(training(8, 1));
  const signal = { aborted: false };
  const half = await run({ ...training(8, 1), signal, every: { half: 48 } }, (event) => {
    if (event.images === 48) signal.aborted = true;
  });
  expect(half.state.images).toBe(48);
  const backwards = (params: Params): Params => Object.fromEntries(Object.entries(params).reverse());
  const { params, ema, optimizer } = half.state;
  const turned = { params: backwards(params), ema: backwards(ema!), optimizer: backwards(optimizer) };
  const last = await run({ ...training(8, 1), state: { ...half.state, ...turned } });
  expect(bitsOf(last.state)).toEqual(bitsOf(straight.state));
  disposeState(last.state);
  disposeState(straight.state);
});
