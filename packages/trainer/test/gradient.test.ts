import { type Params, random } from "@ddpm/core";
import { disposeTree } from "@ddpm/core/step";
import * as tf from "@tensorflow/tfjs";
import { expect, test } from "vitest";
import { type PartInputs, partInputs, readImages } from "../src/batch/part-inputs.ts";
import { probe } from "../src/batch/training-behaviour.ts";
import { accumulateStep, gradientStep } from "../src/loop/gradient.ts";
import { denoising } from "../src/objective/denoising.ts";
import { leavesOf } from "./support/leaves.ts";
import { options, toy } from "./support/toy.ts";

const training = options({ denoiser: toy(), labelDropout: 0.3 });
const root = random(3);

async function inputs(params: Params, count: number): Promise<PartInputs> {
  const { denoiser, images } = training;
  const behaviour = probe(denoiser, params, images.shape);
  const batch = await readImages(training, 40, count);
  return partInputs(training, root, behaviour, batch, 40, { first: 40, count, update: 6 });
}

test("gradients of a step are the slopes of its loss, dropout and labels included", async () => {
  const { denoiser } = training;
  const params = denoiser.init(random(1));
  const part = await inputs(params, 6);
  const step = gradientStep(denoising({ denoiser, loss: training.loss }));
  const lossAt = (changed: Params): number =>
    tf.tidy(() => step({ params: changed, part }).loss.dataSync()[0]!);
  const { gradients, statistics } = step({ params, part });

  expect(Object.keys(gradients).sort()).toEqual(["in.kernel", "label.table", "out.bias", "out.kernel"]);
  expect(Object.keys(statistics)).toEqual(["mean"]);
  for (const name of ["in.kernel", "label.table", "out.kernel", "out.bias"]) {
    const value = params[name]!;
    const gradient = gradients[name]!.dataSync();
    const step = 1e-2;
    for (let i = 0; i < value.size; i++) {
      const [up, down] = [step, -step].map((by) => {
        const moved = value.dataSync().slice();
        moved[i]! += by;
        return lossAt({ ...params, [name]: tf.tensor(moved, value.shape) });
      });
      const slope = (up! - down!) / (2 * step);
      expect(Math.abs(slope - gradient[i]!), `${name}[${i}]`).toBeLessThan(
        1e-3 * Math.max(1, Math.abs(slope)),
      );
    }
    expect(Math.max(...gradient.map(Math.abs))).toBeGreaterThan(1e-2);
  }
});

test("parts of a batch have the columns, noise, labels and masks of the whole", async () => {
  const params = training.denoiser.init(random(1));
  const { images, denoiser } = training;
  const behaviour = probe(denoiser, params, images.shape);
  expect(behaviour).toEqual({ masks: [{ name: "drop", shape: [6], perImage: true }], updates: ["mean"] });
  const batch = await readImages(training, 40, 8);
  const whole = partInputs(training, root, behaviour, batch, 40, { first: 40, count: 8, update: 6 });
  const parts = [40, 43].map((first, i) =>
    partInputs(training, root, behaviour, batch, 40, { first, count: i === 0 ? 3 : 5, update: 6 }),
  );
  for (const [name, value] of Object.entries(leavesOf(whole))) {
    const joined = tf.concat(parts.map((part) => leavesOf(part)[name]!));
    expect(Array.from(joined.dataSync()), name).toEqual(Array.from(value.dataSync()));
  }
  const masks = tf.unstack(whole.dropout.drop!).map((mask) => mask.dataSync().join());
  expect(new Set(masks).size).toBe(8);
  expect(new Set(whole.eps.dataSync()).size).toBe(8 * 4);
});

test("labels are dropped at the given rate, each image by itself", async () => {
  const labelsAt = async (labelDropout: number): Promise<number[]> => {
    const change = { ...training, labelDropout };
    const behaviour = { masks: [], updates: [] };
    const batch = await readImages(change, 0, 2000);
    const data = partInputs(change, root, behaviour, batch, 0, { first: 0, count: 2000, update: 1 });
    const labels = Array.from(data.labels!.dataSync());
    disposeTree(data);
    return labels;
  };
  const { labels: given } = await training.images.read(0, 2000);
  expect(await labelsAt(0)).toEqual([...given!]);
  expect(new Set(await labelsAt(1))).toEqual(new Set([3]));
  const some = await labelsAt(0.3);
  const dropped = some.filter((label) => label === 3).length;
  expect(Math.abs(dropped / 2000 - 0.3)).toBeLessThan(5 * Math.sqrt(0.21 / 2000));
  some.forEach((label, i) => {
    if (label !== 3) expect(label).toBe(given![i]);
  });
});

test("summed parts carry their share", async () => {
  const given = { params: {}, part: await inputs(training.denoiser.init(random(1)), 1) };
  const constant = accumulateStep(() => ({
    loss: tf.scalar(3),
    gradients: { w: tf.tensor1d([2, 4]) },
    statistics: { mean: tf.scalar(5) },
  }));
  const out = constant({
    ...given,
    share: tf.scalar(0.25),
    sums: { loss: tf.scalar(1), gradients: { w: tf.tensor1d([10, 20]) } },
  });
  expect(out.loss.dataSync()[0]).toBe(1.75);
  expect(Array.from(out.gradients.w!.dataSync())).toEqual([10.5, 21]);
  expect(out.statistics.mean!.dataSync()[0]).toBe(5);
});
