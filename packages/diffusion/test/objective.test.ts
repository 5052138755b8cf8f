import "@tensorflow/tfjs";
import { type Denoiser, INFERENCE, momentAt, random, snr as snrOf } from "@ddpm/core";
import { custom, linear } from "@ddpm/schedules";
import { expectClose, expectNoLeak } from "@ddpm/testing";
import * as tf from "@tensorflow/tfjs-core";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { batchLoss, lossColumns, perSample } from "../src/authoring.ts";
import {
  edmParameterization,
  eps,
  huber,
  l2,
  losses,
  minSnr,
  parameterizations,
  score,
  simple,
  snrWeight,
  v,
  weights,
  x0,
} from "../src/index.ts";
import { exploding, families, straight } from "./support.ts";

describe("parameterizations", () => {
  test("the right output gives back the clean image at every level", () => {
    const level = fc.record({
      t: fc.double({ min: 0.01, max: 0.99, noNaN: true }),
      clean: fc.double({ min: -1, max: 1, noNaN: true }),
      noise: fc.double({ min: -3, max: 3, noNaN: true }),
    });
    for (const schedule of families) {
      for (const name of parameterizations.names) {
        if (name === "xprev" && !schedule.steps) continue;
        const meaning = parameterizations.create(name);
        fc.assert(
          fc.property(level, ({ t, clean, noise }) => {
            const at = momentAt(
              schedule,
              schedule.steps ? Math.ceil(t * schedule.steps) / schedule.steps : t,
            );
            const x = at.alpha * clean + at.sigma * noise;
            const { skip, out } = meaning.at(at, schedule);
            const target = (clean - skip * x) / out;
            expect(Math.abs(skip * x + out * target - clean)).toBeLessThan(
              1e-8 * Math.max(1, Math.abs(skip * x)),
            );
            if (name === "eps") expect(target).toBeCloseTo(noise, 5);
            if (name === "score") expect(target).toBeCloseTo(-noise, 5);
            if (name === "x0") expect(target).toBeCloseTo(clean, 12);
            if (name === "v") expect(target).toBeCloseTo(at.alpha * noise - at.sigma * clean, 8);
          }),
        );
      }
    }
  });

  test("the network receives the step of a chain, and 1000 t elsewhere", () => {
    const chain = linear({ steps: 50 });
    expect(eps().at(momentAt(chain, 50 / 50), chain).noise).toBe(49);
    expect(eps().at(momentAt(chain, 7 / 50), chain).noise).toBe(6);
    expect(v().at(momentAt(straight, 0.25), straight).noise).toBe(250);
    expect(eps({ timeScale: 999 }).at(momentAt(straight, 0.25), straight).noise).toBe(249.75);
    expect(eps({ timeScale: 999 }).at(momentAt(chain, 7 / 50), chain).noise).toBe(6);
  });

  test("the network of a score sees images as in variance exploding ones, and receives their log-noise", () => {
    const at = momentAt(exploding, 0.5);
    expect(score().at(at, exploding)).toEqual({ skip: 1, out: 10, in: 1, noise: Math.log(5) });
  });

  test("eps, edm and score are refused where no signal is left, with the reason; v and x0 are not", () => {
    const zeroTerminal = custom({ betas: [0.1, 0.5, 1] });
    const end = momentAt(zeroTerminal, 1);
    for (const meaning of [eps(), edmParameterization(), score()]) {
      expect(() => meaning.at(end, zeroTerminal)).toThrow("no signal is left");
    }
    expect(v().at(end, zeroTerminal)).toMatchObject({ skip: 0, out: -1 });
    expect(x0().at(end, zeroTerminal)).toMatchObject({ skip: 0, out: 1 });
  });
});

describe("losses", () => {
  const values = [-3, -1, -0.4, 0, 0.2, 1, 2.5];
  const smoothL1 = (r: number) => (Math.abs(r) < 1 ? r ** 2 / 2 : Math.abs(r) - 0.5);

  test("are the published functions of the difference", async () => {
    const f = tf.tensor1d(values);
    const target = tf.fill([values.length], 0.5);
    const expected: Readonly<Record<string, (r: number) => number>> = {
      l1: Math.abs,
      l2: (r) => r ** 2,
      huber: smoothL1,
      "smooth-l1": smoothL1,
    };
    for (const name of losses.names) {
      await expectClose(
        losses.create(name).apply(f, target),
        values.map((value) => expected[name]!(value - 0.5)),
      );
    }
    await expectClose(
      huber({ delta: 2 }).apply(f, tf.zerosLike(f)),
      values.map((r) => (Math.abs(r) < 2 ? r ** 2 / 2 : 2 * (Math.abs(r) - 1))),
    );
  });

  test("have the gradients of finite differences", async () => {
    const at = [-3, -1.5, -0.4, 0.2, 0.8, 2.5];
    const h = 1e-2;
    for (const name of losses.names) {
      const loss = losses.create(name);
      const value = (x: tf.Tensor) => tf.sum(loss.apply(x, tf.zerosLike(x)));
      const gradient = tf.grad(value)(tf.tensor1d(at));
      const differences = at.map((x) => {
        const [up, down] = [x + h, x - h].map((moved) => value(tf.tensor1d([moved])).dataSync()[0]!);
        return (up! - down!) / (2 * h);
      });
      await expectClose(gradient, differences, { absolute: 1e-3 });
    }
  });
});

describe("weights", () => {
  test("simple counts the network's output alike; snr with eps is the same; min-snr cuts at gamma", () => {
    const schedule = linear();
    for (const t of [0.01, 0.3, 0.9]) {
      const at = momentAt(schedule, t);
      for (const name of parameterizations.names) {
        const meaning = parameterizations.create(name).at(at, schedule);
        expect(simple().at(at, schedule, meaning) * meaning.out ** 2).toBeCloseTo(1, 12);
      }
      const meaning = eps().at(at, schedule);
      expect(snrWeight().at(at, schedule, meaning) * meaning.out ** 2).toBeCloseTo(1, 12);
      expect(minSnr().at(at, schedule, meaning)).toBe(Math.min(snrOf(at), 5));
    }
    expect(weights.names).toContain("min-snr");
  });
});

describe("batchLoss", () => {
  const shape: [number, number, number, number] = [4, 2, 2, 3];
  const schedule = linear();
  const times = [1 / 1000, 0.2, 0.7, 1];
  const constant: Denoiser = {
    name: "constant",
    specs: [{ name: "w", shape: [3], trainable: true }],
    axes: 2,
    channels: 3,
    multiple: 1,
    init: () => ({ w: tf.tensor1d([0.1, 0.2, 0.3]) }),
    apply: (params, x, noise) => tf.add(tf.mul(x, params.w!), perSample(tf.mul(noise, 1e-3), x)),
  };
  const clean = random(1).uniforms(48);
  const noise = random(2).normals(48);
  const inputs = (columns: Record<string, Float32Array>, of: readonly number[] = shape) => ({
    x0: tf.tensor(clean, [...of]),
    eps: tf.tensor(noise, [...of]),
    ...(Object.fromEntries(
      Object.entries(columns).map(([name, column]) => [name, tf.tensor1d(column)]),
    ) as Record<keyof ReturnType<typeof lossColumns>, tf.Tensor1D>),
  });

  for (const name of parameterizations.names) {
    test(`is the weighted mean over the pixels of each image, with ${name}`, async () => {
      const parameterization = parameterizations.create(name);
      const columns = lossColumns(times, { schedule, parameterization, weight: minSnr() });
      const found = batchLoss(
        { denoiser: constant, loss: l2() },
        constant.init(random(0)),
        inputs(columns),
        INFERENCE,
      );
      const expected = times.map((t, b) => {
        const at = momentAt(schedule, t);
        const meaning = parameterization.at(at, schedule);
        let sum = 0;
        for (let i = 12 * b; i < 12 * (b + 1); i++) {
          const x = at.alpha * clean[i]! + at.sigma * noise[i]!;
          const f = meaning.in * x * [0.1, 0.2, 0.3][i % 3]! + meaning.noise * 1e-3;
          const guess = meaning.skip * x + meaning.out * f;
          sum += (guess - clean[i]!) ** 2;
        }
        return (Math.min(snrOf(at), 5) * sum) / 12;
      });
      await expectClose(found.perSample, expected, { relative: 1e-4 });
      await expectClose(found.loss, [expected.reduce((sum, value) => sum + value) / 4], { relative: 1e-4 });
    });
  }

  test("is the same to the bit, and so are its gradients, for samples of any number of axes", () => {
    for (const name of parameterizations.names) {
      const parameterization = parameterizations.create(name);
      const columns = lossColumns(times, { schedule, parameterization, weight: minSnr() });
      for (const loss of losses.names) {
        const numbersOf = (of: readonly number[]): string =>
          tf.tidy(() => {
            const given = inputs(columns, of);
            const objective = { denoiser: { ...constant, axes: of.length - 2 }, loss: losses.create(loss) };
            const { value, grad } = tf.valueAndGrad(
              (w) => batchLoss(objective, { w }, given, INFERENCE).loss,
            )(tf.tensor1d([0.1, 0.2, 0.3]));
            const each = batchLoss(objective, constant.init(random(0)), given, INFERENCE).perSample;
            return [value, grad, each].map((tensor) => tensor.dataSync().join()).join(" ");
          });
        expect(numbersOf([4, 4, 3]), `${name}, ${loss}`).toBe(numbersOf(shape));
        expect(numbersOf([4, 1, 2, 2, 3]), `${name}, ${loss}`).toBe(numbersOf(shape));
      }
    }
  });

  test("has gradients for the weights, and leaves nothing behind", async () => {
    const columns = lossColumns(times, { schedule, parameterization: eps(), weight: simple() });
    const loss = (w: number[]) =>
      tf.tidy(
        () =>
          batchLoss(
            { denoiser: constant, loss: l2() },
            { w: tf.tensor1d(w) },
            inputs(columns),
            INFERENCE,
          ).loss.dataSync()[0]!,
      );
    const gradient = tf.tidy(() => {
      const given = inputs(columns);
      return tf.grad((w) => batchLoss({ denoiser: constant, loss: l2() }, { w }, given, INFERENCE).loss)(
        tf.tensor1d([0.1, 0.2, 0.3]),
      );
    });
    await expectClose(
      gradient,
      [
        (loss([0.11, 0.2, 0.3]) - loss([0.09, 0.2, 0.3])) / 0.02,
        (loss([0.1, 0.21, 0.3]) - loss([0.1, 0.19, 0.3])) / 0.02,
        (loss([0.1, 0.2, 0.31]) - loss([0.1, 0.2, 0.29])) / 0.02,
      ],
      { relative: 2e-3 },
    );
    await expectNoLeak("test", () => loss([0.1, 0.2, 0.3]));
  });

  test("the target of eps is the noise itself, also where hardly any is there", () => {
    const { targetX0, targetEps } = lossColumns([1 / 1000, 1], {
      schedule,
      parameterization: eps(),
      weight: simple(),
    });
    expect([...targetEps]).toEqual([1, 1]);
    expect(Math.max(...targetX0.map(Math.abs))).toBeLessThan(1e-13);
  });

  test("columns that are not finite are refused with time, target and weight", () => {
    expect(() => lossColumns([0], { schedule, parameterization: x0(), weight: snrWeight() })).toThrow(
      "weight is Infinity at t = 0",
    );
  });
});
