import "@tensorflow/tfjs";
import { type Denoiser, type Images, momentAt, type NoiseSchedule, random, timeOfStep } from "@ddpm/core";
import { parameterizations } from "@ddpm/diffusion";
import { boundColumns, type HeldOutErrorsOptions, heldOutErrors, priorTerm } from "@ddpm/diffusion/authoring";
import { variationalBound } from "@ddpm/metrics";
import type { VariationalBound } from "@ddpm/metrics/authoring";
import { schedules } from "@ddpm/schedules";
import * as tf from "@tensorflow/tfjs-core";
import { expect, test } from "vitest";

const STEPS = 40;
const SPREAD = 0.3;
/** Grey levels, and how often each is met: a normal distribution on 256 levels. */
const levels = Float64Array.from({ length: 256 }, (_, v) => v / 127.5 - 1);
const weights = levels.map((x) => Math.exp(-(x * x) / (2 * SPREAD ** 2)));
const total = weights.reduce((sum, w) => sum + w, 0);
const share = weights.map((w) => w / total);
const upTo = share.map((_, v) => share.subarray(0, v + 1).reduce((sum, p) => sum + p, 0));
const second = levels.reduce((sum, x, v) => sum + share[v]! * x * x, 0);

const schedule: NoiseSchedule = schedules.create({ name: "linear", steps: STEPS });
const gainAt = (step: number): number => {
  const { alpha, sigma } = momentAt(schedule, timeOfStep(step, STEPS));
  return (alpha * SPREAD ** 2) / (alpha ** 2 * SPREAD ** 2 + sigma ** 2);
};

/** The exact guess for normal data, x̂_0 = gain · x, in terms of the target. */
function oracle(target: string): Pick<HeldOutErrorsOptions["parts"], "denoiser" | "parameterization"> {
  const parameterization = parameterizations.create(target);
  const factors = Float32Array.from({ length: STEPS }, (_, step) => {
    const at = momentAt(schedule, timeOfStep(step, STEPS));
    const { skip, out } = parameterization.at(at, schedule);
    return (gainAt(step) - skip) / out;
  });
  const denoiser: Denoiser = {
    name: "oracle",
    specs: [],
    channels: 1,
    axes: 2,
    multiple: 1,
    init: () => ({}),
    apply: (_params, x, noise) =>
      tf.mul(
        x,
        tf.reshape(tf.gather(tf.tensor1d(factors), tf.cast(tf.round(noise), "int32")), [-1, 1, 1, 1]),
      ),
  };
  return { denoiser, parameterization };
}

function images(count: number, seed: number): Images {
  const { uniform } = random(seed);
  const data = Float32Array.from({ length: count * 16 }, () => {
    const at = uniform();
    return levels[upTo.findIndex((reached) => reached >= at)] ?? 1;
  });
  return { data, shape: [count, 4, 4, 1] };
}

const heldOut = (target: string, count: number, seed = 1): HeldOutErrorsOptions => ({
  parts: { ...oracle(target), schedule },
  params: {},
  images: images(count, seed),
  variance: "fixed-small",
  clip: false,
  seed,
});

function boundOf(options: HeldOutErrorsOptions): Promise<VariationalBound> {
  const count = options.images.shape[0];
  const fingerprints = { eps: "normal", bits: "normal", objective: "normal" };
  const network = {
    ...{ count, seed: options.seed, fingerprints },
    errors: (draws: Parameters<typeof heldOutErrors>[1]) => heldOutErrors(options, draws),
    prior: async () =>
      Float64Array.from(await priorTerm(tf.tensor4d(options.images.data, [count, 4, 4, 1]), schedule).data()),
  };
  return variationalBound(network, STEPS);
}

/** The bound in bits per dimension by quadrature: every term is an expectation over one pixel and its noise. */
function truth(): { prior: number; chain: number; decoder: number } {
  const last = schedule.at(1);
  const prior = 0.5 * (last.alpha ** 2 * second + last.sigma ** 2 - 1) - Math.log(last.sigma);
  const times = Array.from({ length: STEPS }, (_, step) => timeOfStep(step, STEPS));
  const { pull, logTrue } = boundColumns(times, schedule, "fixed-small");
  let chain = 0;
  for (let step = 1; step < STEPS; step++) {
    const { alpha, sigma } = momentAt(schedule, times[step]!);
    const gain = gainAt(step);
    const error = (1 - gain * alpha) ** 2 * second + (gain * sigma) ** 2;
    chain += (pull[step]! ** 2 * error) / (2 * Math.exp(logTrue[step]!));
  }
  const { alpha, sigma } = momentAt(schedule, times[0]!);
  const deviation = Math.exp(0.5 * logTrue[0]!);
  let decoder = 0;
  for (let z = -6; z <= 6; z += 0.02) {
    const density = (0.02 * Math.exp(-0.5 * z * z)) / Math.sqrt(2 * Math.PI);
    for (const [v, x] of levels.entries()) {
      const guess = gainAt(0) * (alpha * x + sigma * z);
      const below = v === 0 ? 0 : phi((x - 1 / 255 - guess) / deviation);
      const above = v === 255 ? 1 : phi((x + 1 / 255 - guess) / deviation);
      decoder -= density * share[v]! * Math.log(Math.max(above - below, 1e-12));
    }
  }
  return { prior: prior / Math.LN2, chain: chain / Math.LN2, decoder: decoder / Math.LN2 };
}

/** Normal distribution function. Source: Abramowitz and Stegun 1964, 26.2.17. */
function phi(z: number): number {
  const t = 1 / (1 + 0.2316419 * Math.abs(z));
  const tail =
    ((((1.330274429 * t - 1.821255978) * t + 1.781477937) * t - 0.356563782) * t + 0.31938153) *
    t *
    (Math.exp(-0.5 * z * z) / Math.sqrt(2 * Math.PI));
  return z > 0 ? 1 - tail : tail;
}

test("bits per dimension of normal data with the exact guess are those of the integral, part by part", async () => {
  const found = await boundOf(heldOut("eps", 400));
  const expected = truth();
  for (const name of ["prior", "chain", "decoder"] as const) {
    const { value, standardError } = found[name];
    expect(Math.abs(value - expected[name]), name).toBeLessThan(3.5 * standardError! + 2e-3);
    expect(standardError! / value, name).toBeLessThan(0.05);
  }
  const whole = expected.prior + expected.chain + expected.decoder;
  expect(found.total.interval![0]).toBeLessThan(whole);
  expect(found.total.interval![1]).toBeGreaterThan(whole);
  expect(found.total.count).toBe(400);
});

test("they are the same whatever the network returns, and so is the ε-loss, which is known", async () => {
  const [eps, x0, v] = await Promise.all(["eps", "x0", "v"].map((target) => boundOf(heldOut(target, 20))));
  for (const other of [x0!, v!]) expect(other.total.value).toBeCloseTo(eps!.total.value, 3);
  const step = 10;
  const { alpha, sigma } = momentAt(schedule, timeOfStep(step, STEPS));
  const gain = gainAt(step);
  const draws = Array.from({ length: 400 }, (_, image) => ({ image, time: timeOfStep(step, STEPS) }));
  const expected = (alpha / sigma) ** 2 * ((1 - gain * alpha) ** 2 * second + (gain * sigma) ** 2);
  for (const target of ["eps", "v"]) {
    const errors = await heldOutErrors(heldOut(target, 400), draws);
    const mean = errors.eps.reduce((sum, value) => sum + value / 400, 0);
    expect(Math.abs(mean / expected - 1)).toBeLessThan(0.05);
  }
});
