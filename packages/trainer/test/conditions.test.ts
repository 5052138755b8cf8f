import "@tensorflow/tfjs";
import { type Condition, type Denoiser, INFERENCE, type ParamSpec, random } from "@ddpm/core";
import { disposeTree, interpret } from "@ddpm/core/step";
import { inpainting, l2 } from "@ddpm/diffusion";
import { selfConditioningGuess } from "@ddpm/diffusion/authoring";
import { expectClose } from "@ddpm/testing";
import { annotatedLater, song } from "@ddpm/unet";
import * as tf from "@tensorflow/tfjs-core";
import { describe, expect, test } from "vitest";
import { type PartInputs, partInputs } from "../src/batch/part-inputs.ts";
import { disposeState, emas, optimizers, type TrainingLoopOptions } from "../src/index.ts";
import { gradientStep } from "../src/loop/gradient.ts";
import { denoising } from "../src/objective/denoising.ts";
import { bitsOf, copyOf, logged, run } from "./support/run.ts";
import { options } from "./support/toy.ts";

const SIZE = 4;
const PIXELS = SIZE * SIZE;
const images = {
  shape: [SIZE, SIZE, 1] as const,
  length: 100,
  fingerprint: "noise",
  async read(first: number, count: number) {
    const data = new Float32Array(count * PIXELS);
    for (let i = 0; i < count; i++)
      data.set(
        random(3)
          .fork(first + i)
          .normals(PIXELS),
        i * PIXELS,
      );
    return { data, shape: [count, SIZE, SIZE, 1] as const };
  },
};
const condition = inpainting();
const net = (): Denoiser =>
  annotatedLater({
    channels: 1,
    dim: 4,
    dimMults: [1],
    resnetBlockGroups: 2,
    imageChannels: 2,
    selfCondition: true,
  });
const training = (more: Partial<TrainingLoopOptions> = {}): TrainingLoopOptions =>
  options({ denoiser: net(), images, condition, batch: 4, until: 12, logEvery: 4, ...more });

/** The inputs of images `first … first + count − 1` in a batch that begins with image `begin`. */
async function inputsOf(begin: number, first: number, count: number): Promise<PartInputs> {
  const batch = await images.read(begin, 8);
  const part = { first, count, update: 1 };
  return partInputs(training(), random(5), { masks: [], updates: [] }, batch, begin, part);
}

describe("conditions of a network in training", () => {
  test("image k's condition is made from its own stream, however batches are cut", async () => {
    const whole = await inputsOf(0, 0, 8);
    const tail = await inputsOf(4, 6, 2);
    expect(whole.image!.shape).toEqual([8, SIZE, SIZE, 2]);
    await expectClose(tail.image!, whole.image!.slice([6], [2]));
    await expectClose(tail.shown!, whole.shown!.slice([6], [2]));
    const { data } = await images.read(6, 1);
    const source = { image: data, shape: images.shape };
    const made = condition.make(source, [SIZE, SIZE], random(5).fork("condition").fork(6));
    expect([...tail.image!.slice([0], [1]).dataSync()]).toEqual([...made]);
  });

  test("about half of the images are shown the network's guess, or the share that is given", async () => {
    const many = await images.read(0, 400);
    const shownOf = (more: object): number => {
      const part = { first: 0, count: 400, update: 1 };
      const set = { ...training(), batch: 400, ...more };
      const { shown } = partInputs(set, random(5), { masks: [], updates: [] }, many, 0, part);
      return tf.mean(shown!).dataSync()[0]!;
    };
    expect(Math.abs(shownOf({}) - 0.5)).toBeLessThan(0.1);
    expect(shownOf({ selfCondition: 0 })).toBe(0);
    expect(shownOf({ selfCondition: 1 })).toBe(1);
  });

  test("the guess is x̂_0 without a guess, zero where it is not shown, and no gradient goes through it", async () => {
    const denoiser = net();
    const params = denoiser.init(random(1));
    const seen: Condition[] = [];
    const spied: Denoiser = {
      ...denoiser,
      apply(own, x, noise, condition, mode) {
        seen.push({
          ...condition,
          ...(condition.guess ? { guess: tf.keep(tf.clone(condition.guess)) } : {}),
        });
        return denoiser.apply(own, x, noise, condition, mode);
      },
    };
    const shown = tf.tensor1d([1, 0, 1]);
    const { shown: _, ...given } = await inputsOf(0, 0, 3);
    const found = interpret(gradientStep(denoising({ denoiser: spied, loss: l2() })))({
      params,
      part: { ...given, shown },
    });
    expect(seen).toHaveLength(2);
    expect(seen[0]!.guess).toBeUndefined();

    const guess = tf.tidy(() => selfConditioningGuess(denoiser, params, given, shown));
    await expectClose(seen[1]!.guess!, guess);
    const [first, second] = [0, 1].map((i) => guess.slice([i], [1]).dataSync());
    expect(second!.every((value) => value === 0)).toBe(true);
    const x0 = tf.tidy(() => {
      const at = <T extends tf.Tensor>(one: tf.Tensor): T => one.slice([0], [1]) as T;
      const column = (one: tf.Tensor): tf.Tensor => at<tf.Tensor1D>(one).reshape([1, 1, 1, 1]);
      const x = tf.add(tf.mul(column(given.alpha), at(given.x0)), tf.mul(column(given.sigma), at(given.eps)));
      const conditioned = { image: at<tf.Tensor4D>(given.image!) };
      const scaled = tf.mul(x, column(given.in)) as tf.Tensor4D;
      const f = denoiser.apply(params, scaled, at(given.noise), conditioned, INFERENCE);
      return tf.add(tf.mul(column(given.skip), x), tf.mul(column(given.out), f));
    });
    expect([...first!]).toEqual([...x0.dataSync()]);

    const held = interpret(gradientStep(denoising({ denoiser, loss: l2() })))({
      params,
      part: { ...given, guess },
    });
    await expectClose(found.loss, held.loss);
    expect(Object.keys(found.gradients)).toEqual(Object.keys(held.gradients));
    for (const [name, value] of Object.entries(held.gradients))
      await expectClose(found.gradients[name]!, value);
  });
});

test.each([
  [4, 1],
  [4, 2],
])(
  "with a condition and its own guess, resuming after a stop gives the same bits: batches of %i in %i",
  async (batch, accumulate) => {
    const before = tf.memory().numTensors;
    const set = { batch, accumulate, ema: emas.create("warmup") };
    const straight = await run(training(set));
    const signal = { aborted: false };
    const half = await run({ ...training(set), signal, every: { half: 4 } }, () => {
      signal.aborted = true;
    });
    expect(half.state.images).toBe(4);
    const state = copyOf(half.state);
    disposeState(half.state);
    const last = await run(training({ ...set, state }));
    expect(bitsOf(last.state)).toEqual(bitsOf(straight.state));
    expect(logged([...half.events, ...last.events])).toEqual(logged(straight.events));
    disposeState(straight.state);
    disposeState(last.state);
    expect(tf.memory().numTensors).toBe(before);
  },
);

test.each([
  [
    { denoiser: annotatedLater({ channels: 1, dim: 4, dimMults: [1], resnetBlockGroups: 2 }) },
    /annotated-later takes none/,
  ],
  [{ condition: undefined }, /is conditioned on an image, and nothing makes it/],
  [
    {
      denoiser: annotatedLater({
        channels: 1,
        dim: 4,
        dimMults: [1],
        resnetBlockGroups: 2,
        imageChannels: 1,
      }),
    },
    /2 channels.*expects 1/,
  ],
  [{ selfCondition: 2 }, /selfCondition is 2/],
  [
    {
      selfCondition: 0.5,
      denoiser: annotatedLater({
        channels: 1,
        dim: 4,
        dimMults: [1],
        resnetBlockGroups: 2,
        imageChannels: 2,
      }),
    },
    /does not take its own guess/,
  ],
])("options that do not fit are refused before training: %#", async (more, message) => {
  await expect(run(training(more as Partial<TrainingLoopOptions>))).rejects.toThrow(message);
});

describe("how images were augmented", () => {
  const numbers = 9;
  const labelled = {
    ...images,
    async read(first: number, count: number) {
      const augmentLabels = new Float32Array(count * numbers);
      for (let i = 0; i < count; i++) {
        const own = random(4).fork(first + i);
        augmentLabels.set(own.normals(numbers), i * numbers);
      }
      return { ...(await images.read(first, count)), augmentLabels };
    },
  };
  const { condition: _, ...plain } = training();
  const denoiser = song({
    channels: 1,
    modelChannels: 4,
    channelMult: [1],
    numBlocks: 1,
    attnResolutions: [],
    dropout: 0,
    augmentDim: numbers,
  });
  const augmented = (more: Partial<TrainingLoopOptions> = {}): TrainingLoopOptions => ({
    ...{ ...plain, denoiser, images: labelled, until: 8, optimizer: optimizers.create("sgd") },
    ...more,
  });
  const empty = { masks: [], updates: [] };

  test("is given to a network that takes it, row by row, however batches are cut", async () => {
    const batch = await labelled.read(0, 8);
    const part = { first: 6, count: 2, update: 1 };
    const tail = partInputs(augmented(), random(5), empty, batch, 0, part);
    expect([...tail.vector!.dataSync()]).toEqual([...batch.augmentLabels.slice(6 * numbers)]);
    const deaf = partInputs(training(), random(5), empty, batch, 0, part);
    expect(deaf.vector).toBeUndefined();
    const other = { ...denoiser, vector: 4 };
    expect(() => partInputs(augmented({ denoiser: other }), random(5), empty, batch, 0, part)).toThrow(
      "images have 9 augmentation labels, song takes 4",
    );
    disposeTree({ tail, deaf });
  });

  test("changes loss and gradients; without labels, as in sampling, the result is that of zeros", async () => {
    // Fresh weights end in zeros, behind which nothing can be seen.
    const weightsOf = ({ name, shape }: ParamSpec): tf.Tensor => {
      const numbers = random(1)
        .fork(name)
        .normals(tf.util.sizeFromShape([...shape]));
      return tf.tensor(
        numbers.map((value) => value / 4),
        [...shape],
      );
    };
    const params = Object.fromEntries(denoiser.specs.map((spec) => [spec.name, weightsOf(spec)]));
    const step = gradientStep(denoising({ denoiser, loss: l2() }));
    const lossOf = async (change: (labels: Float32Array) => Float32Array | undefined): Promise<number[]> => {
      const { augmentLabels, ...batch } = await labelled.read(0, 4);
      const labels = change(augmentLabels);
      const given = labels ? { ...batch, augmentLabels: labels } : batch;
      const part = { first: 0, count: 4, update: 1 };
      return tf.tidy(() => {
        const inputs = partInputs(augmented(), random(5), empty, given, 0, part);
        const { loss, gradients } = step({ params, part: inputs });
        const learned = gradients["augment.kernel"];
        return [loss.dataSync()[0]!, learned ? tf.max(tf.abs(learned)).dataSync()[0]! : 0];
      });
    };
    const [loss, gradient] = await lossOf((labels) => labels);
    const [silent] = await lossOf(() => undefined);
    expect(gradient).toBeGreaterThan(0);
    expect(loss).not.toBe(silent);
    expect((await lossOf((labels) => labels.fill(0)))[0]).toBe(silent);
    tf.dispose(params);
  });

  test("stopped and gone on with, in parts or whole, a training ends with the same weights", async () => {
    const straight = await run(augmented());
    const begun = await run(augmented({ until: 4 }));
    const resumed = await run(augmented({ state: begun.state }));
    expect(bitsOf(resumed.state)).toEqual(bitsOf(straight.state));
    const unlabelled = await run(augmented({ images }));
    expect(bitsOf(unlabelled.state)).not.toEqual(bitsOf(straight.state));
    for (const { state } of [straight, resumed, unlabelled]) disposeState(state);
  });
});
