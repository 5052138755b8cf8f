import { type Params, random } from "@ddpm/core";
import type { SampleStream, TrainingObjective } from "@ddpm/core/authoring";
import * as tf from "@tensorflow/tfjs";
import { expect, test } from "vitest";
import type { ObjectiveLoopOptions } from "../src/authoring.ts";
import { adam, constantRate, type TrainState, trainingLoop } from "../src/index.ts";

/** Points on the line y = 2 x, as samples of two numbers. */
const line: SampleStream = {
  shape: [2],
  length: 1000,
  fingerprint: "line",
  async read(first, count) {
    const data = new Float32Array(2 * count);
    for (let i = 0; i < count; i++) {
      const x = random(1)
        .fork(first + i)
        .normal();
      data.set([x, 2 * x], 2 * i);
    }
    return { data, shape: [count, 2] };
  },
};

/** y ≈ slope · x, with a little noise of each sample's own and dropout of x. */
const regression: TrainingObjective<{ xy: tf.Tensor2D; noise: tf.Tensor1D }> = {
  name: "regression",
  specs: [{ name: "slope", shape: [1], trainable: true }],
  init: () => ({ slope: tf.tensor1d([0]) }),
  checkSamples: (shape) => expect(shape).toEqual([2]),
  inputs({ data, shape }, stream, first) {
    const noise = Float32Array.from({ length: shape[0]! }, (_, i) => stream.fork(first + i).normal());
    return { xy: tf.tensor2d(data, [shape[0]!, 2]), noise: tf.tensor1d(noise) };
  },
  loss(params, { xy, noise }, mode) {
    const [x, y] = tf.unstack(xy, 1) as [tf.Tensor1D, tf.Tensor1D];
    const kept = mode.uniform ? tf.cast(tf.less(mode.uniform("drop", [x.shape[0]]), 0.75), "float32") : 1;
    const error = tf.sub(tf.mul(tf.mul(x, kept), params.slope!), tf.add(y, tf.mul(0.01, noise)));
    const perSample = tf.square(error) as tf.Tensor1D;
    return { loss: tf.mean(perSample), perSample };
  },
};

const options = (part: Partial<ObjectiveLoopOptions> = {}): ObjectiveLoopOptions => ({
  objective: regression,
  images: line,
  batch: 8,
  optimizer: adam(),
  learningRate: constantRate({ rate: 0.05 }),
  seed: 3,
  until: 1600,
  logEvery: 800,
  ...part,
});

async function trained(
  part: Partial<ObjectiveLoopOptions> = {},
): Promise<{ state: TrainState; losses: number[] }> {
  const losses: number[] = [];
  for await (const event of trainingLoop(options(part))) {
    if (event.type === "step") losses.push(event.loss);
    if (event.type === "done") return { state: event.state, losses };
  }
  throw new Error("no end");
}

const slopeOf = ({ params }: { params: Params }): number => params.slope!.dataSync()[0]!;

test("the loop minimises any objective of samples, its dropout included", async () => {
  const { state, losses } = await trained();
  expect(slopeOf(state)).toBeCloseTo(2, 1);
  expect(losses).toHaveLength(2);
  expect(losses[1]).toBeLessThan(losses[0]!);
  // A quarter of the samples is hidden, whose error is all of y: 0.25 · E[(2x)²] = 1.
  expect(losses[1]).toBeGreaterThan(0.5);
});

test("a training that stops and resumes ends with the bits of one in one piece; parts of a batch give its gradient", async () => {
  const whole = await trained({ until: 160 });
  const half = await trained({ until: 80 });
  const rest = await trained({ until: 160, state: half.state });
  expect(slopeOf(rest.state)).toBe(slopeOf(whole.state));
  const parts = await trained({ until: 160, accumulate: 4 });
  expect(slopeOf(parts.state)).toBeCloseTo(slopeOf(whole.state), 5);
  const other = await trained({ until: 160, seed: 4 });
  expect(slopeOf(other.state)).not.toBe(slopeOf(whole.state));
});

test("what cannot work is refused before anything is made", async () => {
  const refused = (part: Partial<ObjectiveLoopOptions>): Promise<unknown> => trained(part);
  await expect(refused({ batch: 0 })).rejects.toThrow(/batch is 0/);
  const { state } = await trained({ until: 80 });
  const { slope, ...params } = state.params;
  slope!.dispose();
  await expect(refused({ state: { ...state, params } })).rejects.toThrow(/no parameter "slope"/);
});
