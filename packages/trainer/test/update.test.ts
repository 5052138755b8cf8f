import type { Params } from "@ddpm/core";
import * as tf from "@tensorflow/tfjs";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { clipByGlobalNorm, globalNorm, type Optimizer, type Totals } from "../src/authoring.ts";
import { clips, emas, learningRates, optimizers } from "../src/index.ts";
import { updateStep } from "../src/loop/optimizer-step.ts";

const totalsOf = (loss: number, norm: number, finite: number): Totals => ({
  loss: tf.scalar(loss),
  norm: tf.scalar(norm),
  finite: tf.scalar(finite),
});

const progress = { update: 1, images: 0, batch: 10, until: 1000, epoch: 100 };

describe("clipping", () => {
  const gradients = fc.array(
    fc.array(fc.float({ min: -100, max: 100, noNaN: true }), { minLength: 1, maxLength: 5 }),
    {
      minLength: 1,
      maxLength: 4,
    },
  );

  test("keeps the direction and bounds the norm", () => {
    fc.assert(
      fc.property(gradients, fc.float({ min: 0.125, max: 50, noNaN: true }), (values, largest) => {
        tf.tidy(() => {
          const given = Object.fromEntries(values.map((row, i) => [`${i}`, tf.tensor1d(row)]));
          const norm = globalNorm(given);
          const clipped = clipByGlobalNorm(given, norm, largest);
          const before = norm.dataSync()[0]!;
          expect(before).toBeCloseTo(Math.hypot(...values.flat()), 2);
          expect(globalNorm(clipped).dataSync()[0]!).toBeLessThanOrEqual(largest * 1.00001);
          const factor = Math.min(1, largest / (before + 1e-6));
          values.forEach((row, i) => {
            const ours = clipped[`${i}`]!.dataSync();
            for (const [j, value] of row.entries()) {
              expect(Math.abs(ours[j]! - value * factor)).toBeLessThan(1e-4);
            }
          });
        });
      }),
      { seed: 2 },
    );
  });
});

test("clipping by value holds every number, and by the largest number keeps the direction", () => {
  tf.tidy(() => {
    const gradients = { a: tf.tensor1d([-3, 0.2]), b: tf.tensor1d([4]) };
    const values = (spec: Parameters<typeof clips.create>[0]): number[] => {
      const clipped = clips.create(spec).apply(gradients, globalNorm(gradients));
      return [...clipped.a!.dataSync(), ...clipped.b!.dataSync()];
    };
    expect(values({ name: "value", clipValue: 1 })).toEqual([-1, Math.fround(0.2), 1]);
    const scaled = values({ name: "norm", maxNorm: 2, normType: "infinity" });
    for (const [i, want] of [-1.5, 0.1, 2].entries()) expect(scaled[i]).toBeCloseTo(want, 5);
  });
});

describe("averages", () => {
  const averageAfter = (decay: number, ema: number[], params: number[]): number[] => {
    const still: Optimizer = {
      name: "still",
      init: () => ({}),
      scalars: () => ({}),
      update: ({ params: given }) => ({ params: { w: tf.clone(given.w!) }, state: {} }),
    };
    return tf.tidy(() => {
      const out = updateStep({ optimizer: still, updates: [] })({
        state: {
          params: { w: tf.tensor1d(params) },
          ema: { w: tf.tensor1d(ema) },
          optimizer: {},
          totals: totalsOf(0, 0, 0),
        },
        gradients: { w: tf.tensor1d(params) },
        loss: tf.scalar(0),
        rates: { optimizer: {}, ema: { decay: tf.scalar(decay), rest: tf.scalar(1 - decay) } },
      });
      return Array.from(out.ema!.w!.dataSync());
    });
  };

  test("decay 0 copies to the bit, decay 1 keeps to the bit", () => {
    const [ema, params] = [[0.1, -3.7, 1e-30].map(Math.fround), [1e10, 0.3, -1 / 3].map(Math.fround)];
    expect(averageAfter(0, ema, params)).toEqual(params);
    expect(averageAfter(1, ema, params)).toEqual(ema);
    expect(averageAfter(0.25, [4], [8])).toEqual([7]);
  });

  test("follow the weights after the update, and statistics that the network itself changed", () => {
    const stepping: Optimizer = {
      name: "stepping",
      init: () => ({}),
      scalars: () => ({}),
      update: ({ params }) => ({ params: { w: tf.add(params.w!, 10) }, state: {} }),
    };
    tf.tidy(() => {
      const out = updateStep({ optimizer: stepping, updates: ["mean"] })({
        state: {
          params: { w: tf.tensor1d([2]), mean: tf.tensor1d([40]), table: tf.tensor1d([7]) },
          ema: { w: tf.tensor1d([4]), mean: tf.tensor1d([20]), table: tf.tensor1d([7]) },
          optimizer: {},
          totals: totalsOf(1, 2, 6),
        },
        gradients: { w: tf.tensor1d([3]) },
        loss: tf.scalar(5),
        rates: { optimizer: {}, ema: { decay: tf.scalar(0.5), rest: tf.scalar(0.5) } },
      });
      const numbersOf = (record: Params) =>
        Object.fromEntries(Object.entries(record).map(([name, value]) => [name, value.dataSync()[0]]));
      expect(numbersOf(out.params)).toEqual({ w: 12 });
      expect(numbersOf(out.ema!)).toEqual({ w: 8, mean: 30 });
      expect(numbersOf(out.totals)).toEqual({ loss: 6, norm: 5, finite: 7 });
    });
  });

  test("every decay is a share, and none forgets faster as it grows older", () => {
    for (const name of emas.names) {
      const ema = emas.create(name);
      let last = 0;
      for (let update = 1; update < 3000; update++) {
        const decay = ema.at({ ...progress, update, images: (update - 1) * 10 });
        expect(decay).toBeGreaterThanOrEqual(last);
        expect(decay).toBeLessThanOrEqual(1);
        last = decay;
      }
      expect(last).toBeGreaterThan(0.9);
    }
  });

  test("a half-life in images does what it says, whatever the batch", () => {
    const ema = emas.create({ name: "half-life", images: 1000 });
    for (const batch of [10, 50, 250]) {
      let left = 1;
      for (let seen = 0; seen < 1000; seen += batch)
        left *= ema.at({ ...progress, batch, images: 1e6 + seen });
      expect(left).toBeCloseTo(0.5, 12);
    }
    expect(ema.at(progress)).toBe(0);
  });
});

describe("learning rates", () => {
  test("by updates, images and epochs are one course", () => {
    const [updates, images] = (["updates", "images"] as const).map((unit) => {
      const scale = unit === "updates" ? 1 : 10;
      return learningRates.create({ name: "cosine", rate: 1, warmup: 10 * scale, length: 100 * scale, unit });
    });
    const epochs = learningRates.create({ name: "cosine", rate: 1, warmup: 1, length: 10, unit: "epochs" });
    for (let update = 1; update <= 100; update++) {
      const at = { ...progress, update, images: (update - 1) * 10 };
      expect(images!.at(at)).toBeCloseTo(updates!.at(at), 12);
      if (update % 10 === 1) expect(epochs.at(at)).toBeCloseTo(updates!.at(at), 12);
    }
  });

  test("take the whole training where no length is given", () => {
    for (const unit of ["updates", "images", "epochs"]) {
      const rate = learningRates.create({ name: "cosine", rate: 1, floor: 0.1, unit });
      expect(rate.at(progress)).toBe(1);
      expect(rate.at({ ...progress, update: 51, images: 500 })).toBeCloseTo(0.55, 12);
      expect(rate.at({ ...progress, update: 101, images: 1000 })).toBeCloseTo(0.1, 12);
    }
  });

  test("changed by hand: the course as it was, then the factor of the last change, also of one read again as JSON", () => {
    const of = { name: "cosine", rate: 1, warmup: 10, length: 100 };
    const changes = [
      { from: 500, factor: 0.5 },
      { from: 700, factor: 2 },
    ];
    const course = learningRates.create(of);
    const spec = { name: "changed", of, changes, unit: "images" };
    const rate = learningRates.create(JSON.parse(JSON.stringify(spec)));
    for (let update = 1; update <= 100; update++) {
      const images = (update - 1) * 10;
      const factor = images < 500 ? 1 : images < 700 ? 0.5 : 2;
      const at = { ...progress, update, images };
      expect(rate.at(at)).toBe(factor * course.at(at));
    }
    expect(() => learningRates.create({ ...spec, changes: changes.toReversed() })).toThrow("in order");
    expect(() => learningRates.create({ ...spec, of: "changed" })).toThrow("unknown learning rate");
  });

  test("none is negative, and each says nearest names for slips", () => {
    for (const name of learningRates.names) {
      const rate = learningRates.create(name);
      for (let update = 1; update < 250; update++) {
        expect(rate.at({ ...progress, update, images: (update - 1) * 10 })).toBeGreaterThanOrEqual(0);
      }
    }
    expect(() => learningRates.create("cosin")).toThrow('Did you mean "cosine"?');
  });
});

describe("optimisers", () => {
  test.each(optimizers.names)("%s: a gradient of zero moves nothing without decay", (name) => {
    tf.tidy(() => {
      const optimizer = optimizers.create({ name, decay: 0 });
      const params = { w: tf.tensor1d([1, -2]) };
      const scalars = Object.fromEntries(
        Object.entries(optimizer.scalars(1, 0.1)).map(([key, value]) => [key, tf.scalar(value)]),
      );
      const gradients = { w: tf.zeros([2]) };
      const next = optimizer.update({ params, gradients, state: optimizer.init(params), scalars });
      expect(Array.from(next.params.w!.dataSync())).toEqual([1, -2]);
    });
  });

  test.each(optimizers.names)("%s: names and shapes of the state stay, scalars keep their names", (name) => {
    tf.tidy(() => {
      const optimizer = optimizers.create(name);
      const params = { a: tf.ones([2, 3]), b: tf.ones([4]) };
      const state = optimizer.init(params);
      const numbers = optimizer.scalars(1, 0.1);
      expect(Object.keys(optimizer.scalars(1000, 0.2))).toEqual(Object.keys(numbers));
      const scalars = Object.fromEntries(
        Object.entries(numbers).map(([key, value]) => [key, tf.scalar(value)]),
      );
      const next = optimizer.update({ params, gradients: params, state, scalars });
      const shapes = (record: Record<string, tf.Tensor>) =>
        Object.fromEntries(Object.entries(record).map(([key, value]) => [key, value.shape]));
      expect(shapes({ ...next.state })).toEqual(shapes({ ...state }));
      expect(shapes({ ...next.params })).toEqual(shapes(params));
    });
  });
});
