import "@tensorflow/tfjs";
import { type Denoise, halfLogSnr, momentAt, type NoiseSchedule, random, type Sampler } from "@ddpm/core";
import {
  cosineContinuous,
  even,
  jsd,
  leading,
  linear,
  linspace,
  rectified,
  schedules,
  trailing,
  zeroTerminal,
} from "@ddpm/schedules";
import { gaussianOracle } from "@ddpm/testing";
import * as tf from "@tensorflow/tfjs-core";
import { describe, expect, test } from "vitest";
import { churned, mixGuidance } from "../src/authoring.ts";
import {
  classifierFree,
  classifierGuidance,
  ddim,
  ddpm,
  dpm2,
  euler,
  heun,
  lastOf,
  odeTime,
  samplers,
  samplingLoop,
} from "../src/index.ts";
import { phis, taylorWeights } from "../src/sampling/arithmetic/exponential.ts";

const oracle = gaussianOracle();
/** The oracle's guess together with the noise that belongs to it, as a network with the target v gives both. */
const both: Denoise = (x, at) => {
  const { x0 } = oracle.denoise(x, at);
  return { x0, eps: tf.div(tf.sub(x, tf.mul(x0, at.alpha)), at.sigma) };
};
const shape = [2, 2, 2, 3] as const;

async function drawn(sampler: Sampler, schedule: NoiseSchedule, times: ArrayLike<number>, denoise = both) {
  const images = await lastOf(samplingLoop({ denoise, schedule, sampler, times, shape, random: random(3) }));
  const values = [...images.dataSync()];
  images.dispose();
  return values;
}

function expectNear(found: readonly number[], expected: readonly number[], off = 1e-5): void {
  expect(Math.max(...found.map((value, i) => Math.abs(value - expected[i]!)))).toBeLessThan(off);
}

const silent: readonly NoiseSchedule[] = [rectified(), zeroTerminal(), jsd(), cosineContinuous()];

describe.each(silent)("where $name has no signal left", (schedule) => {
  const to = [1, 0.5] as const;

  test.each([euler({ churn: 40 }), heun({ churn: 40 }), dpm2({ churn: 40 }), odeTime({ churn: 40 })])(
    "$name adds no churn and takes DDIM's step",
    async (sampler) => {
      expectNear(await drawn(sampler, schedule, to), await drawn(ddim(), schedule, to));
    },
  );

  test("ddpm's mean is taken from the clean image, also where the noise was asked for", async () => {
    expectNear(
      await drawn(ddpm({ mean: "eps" }), schedule, to),
      await drawn(ddpm({ mean: "x0" }), schedule, to),
    );
  });

  test("classifier-free guidance of the noise mixes clean images", async () => {
    const other = gaussianOracle({ mean: [-0.4, 0.4, 0] }).denoise;
    const mixed = (of: "x0" | "eps") =>
      classifierFree({ conditional: both, unconditional: other, scale: 3, rescale: 0.7, of });
    expectNear(
      await drawn(ddim(), schedule, [1, 0], mixed("eps")),
      await drawn(ddim(), schedule, [1, 0], mixed("x0")),
    );
  });

  test("a classifier cannot shift the noise guess, and the message says what to do", async () => {
    const lead = classifierGuidance({ gradient: (x) => tf.neg(x), shift: "score" });
    await expect(drawn(ddim(), schedule, to, lead(both))).rejects.toThrow(
      'no signal is left, and a shifted noise guess says nothing about the image there. Take the shift "mean"',
    );
    const values = await drawn(ddim(), schedule, [0.7, 0.5], lead(both));
    expect(values.every(Number.isFinite)).toBe(true);
  });
});

test("churn stops at the schedule's end, where the network was trained last", () => {
  const schedule = linear();
  const raised = (t: number) =>
    tf.tidy(() => {
      const from = momentAt(schedule, t);
      const x = tf.zeros([1, 1, 1, 1]) as tf.Tensor4D;
      const noise = () => tf.ones([1, 1, 1, 1]) as tf.Tensor4D;
      const input = {
        x,
        from,
        to: from,
        schedule,
        noise,
        denoise: both,
        history: [],
        index: 0,
        count: 10,
        memo: 0,
      };
      const { from: now, x: noisy } = churned(input, { churn: 40 });
      return { ratio: now.sigma / now.alpha / (from.sigma / from.alpha), added: noisy.dataSync()[0]! };
    });
  expect(raised(1).ratio).toBeCloseTo(1, 12);
  expect(raised(1).added).toBeLessThan(1e-6);
  // One step below the end there is room for half of √2.
  const room = Math.exp(halfLogSnr(schedule.at(0.99)) - halfLogSnr(schedule.at(1)));
  expect(raised(0.99).ratio).toBeCloseTo(room, 10);
  expect(raised(0.5).ratio).toBeCloseTo(Math.SQRT2, 10);
});

test("a third-order step counts half of the guess's curvature, as published code does", () => {
  // On g(λ) = λ² the exact step is known: ∫ e^(λ − h) λ² dλ over [0, h], with derivatives 0, 0 and 2 at λ = 0.
  for (const h of [0.1, 0.5, 2]) {
    const exact = h ** 2 - 2 * h + 2 - 2 * Math.exp(-h);
    const [value, slope, third] = phis(h);
    const weights = taylorWeights([0, -h, -2 * h], h, value, slope, -third);
    const step = weights.reduce((sum, weight, i) => sum + weight * (i * h) ** 2, 0);
    expect(step).toBeCloseTo(exact / 2, 10);
    const whole = taylorWeights([0, -h, -2 * h], h, value, slope, -2 * third);
    expect(whole.reduce((sum, weight, i) => sum + weight * (i * h) ** 2, 0)).toBeCloseTo(exact, 10);
  }
});

test("the integrals of an exponential step hold for very short steps", () => {
  const [, above2, above3] = phis(1.0001e-4);
  const [, below2, below3] = phis(0.9999e-4);
  expect(below2 / above2).toBeCloseTo(0.9999 / 1.0001, 7);
  expect(below3 / above3).toBeCloseTo(0.9999 / 1.0001, 4);
  expect(phis(1e-12)[1]).toBeCloseTo(5e-13, 20);
});

// ode-time takes Euler's step in the schedule's own time, whose end is another; dpm-adaptive chooses its steps.
const deterministic = samplers.names.filter(
  (name) => samplers.create(name).order > 0 && name !== "ode-time" && name !== "dpm-adaptive",
);

test.each(deterministic)("one step of %s returns the guess at the start exactly", async (name) => {
  for (const schedule of [linear(), rectified(), schedules.create("edm"), schedules.create("cosine")]) {
    let guess: readonly number[] = [];
    const values = await drawn(samplers.create(name), schedule, even().times(1, schedule), (x, at) => {
      const found = both(x, at);
      guess = [...found.x0.dataSync()];
      return found;
    });
    expect(values).toEqual(guess);
  }
});

test("ddim to the first step ends at its level along the guess, as diffusers without set_alpha_to_one", async () => {
  const schedule = linear({ steps: 10 });
  const { alpha, sigma } = schedule.at(0.1);
  const guesses: number[][] = [];
  const clipped: Denoise = (x, at) => {
    const { x0, eps } = both(x, at);
    const found = { x0: tf.clipByValue(x0, -0.1, 0.1), eps: eps! };
    guesses.push([...found.x0.dataSync()], [...found.eps.dataSync()]);
    return found;
  };
  const times = leading().times(10, schedule);
  const values = await drawn(ddim({ toFirstStep: true }), schedule, times, clipped);
  const [x0, eps] = guesses.slice(-2);
  expectNear(
    values,
    x0!.map((value, i) => alpha * value + sigma * eps![i]!),
    1e-6,
  );
  await expect(drawn(ddim({ toFirstStep: true }), rectified(), [1, 0])).rejects.toThrow(
    "needs a schedule with steps",
  );
});

test("an image of one value is guided without a division by its deviation", () => {
  tf.tidy(() => {
    const one = (value: number) => tf.fill([1, 2, 2, 1], value) as tf.Tensor4D;
    expect([...mixGuidance(one(0.5), one(0.25), 3, 0.7).dataSync()]).toEqual([1, 1, 1, 1]);
  });
});

test("noise that only fits on the way down is refused on the way up", async () => {
  const up = [0.1, 0.5];
  for (const sampler of [
    "dpmpp-2m-sde",
    "dpmpp-sde",
    "euler-ancestral",
    "sa-solver",
    "tcd",
    "consistency",
    "ddpm",
  ])
    await expect(drawn(samplers.create(sampler), linear(), up)).rejects.toThrow(/noise|up/);
  for (const name of deterministic) {
    if (name === "dpm-fast") continue;
    const values = await drawn(samplers.create(name), rectified(), [0.1, 0.5, 1]);
    expect([name, values.every(Number.isFinite)]).toEqual([name, true]);
  }
});

test("ddim on linspace and on trailing ends close to the oracle, with errors of one order", async () => {
  const schedule = linear();
  const wide = [64, 8, 8, 3] as const;
  const off = async (times: ArrayLike<number>) => {
    const frames = samplingLoop({
      denoise: oracle.denoise,
      schedule,
      sampler: ddim(),
      times,
      shape: wide,
      random: random(5),
    });
    const images = await lastOf(frames);
    const { mean, variance } = tf.moments(images, [0, 1, 2]);
    const means = [...mean.dataSync()].map((value, i) => Math.abs(value - oracle.mean[i]!));
    const spreads = [...variance.dataSync()].map((value) => Math.abs(Math.sqrt(value) - oracle.std));
    tf.dispose([images, mean, variance]);
    return Math.max(...means, ...spreads);
  };
  for (const [n, most] of [
    [10, 0.15],
    [20, 0.08],
  ] as const) {
    const [both, noisiest] = [
      await off(linspace().times(n, schedule)),
      await off(trailing().times(n, schedule)),
    ];
    expect(Math.max(both, noisiest)).toBeLessThan(most);
    expect(Math.abs(both / noisiest - 1)).toBeLessThan(0.2);
  }
});
