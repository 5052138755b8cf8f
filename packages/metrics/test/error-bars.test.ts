import { type Images, type Random, random } from "@ddpm/core";
import { describe, expect, test } from "vitest";
import { bitsPerDimension, kidOfBlocks, pixelStatistics } from "../src/authoring.ts";
import { randomDirections } from "../src/distances/sliced-wasserstein.ts";
import {
  type Estimate,
  type FeatureStatistics,
  frechetInfinity,
  inceptionScore,
  lossByTime,
  pixelDistances,
  precisionRecall,
  slicedWasserstein,
  toFeatures,
} from "../src/index.ts";
import { coverage, normalFeatures } from "./draws.ts";

/** Of so many repetitions a coverage of 0.99 has a deviation of 0.006, which the upper limit allows for. */
const REPETITIONS = 300;

function expectHonest(seed: number, draw: (random: Random) => Estimate, truth: number): void {
  const held = coverage(seed, REPETITIONS, draw, truth);
  expect(held).toBeGreaterThanOrEqual(0.9);
  expect(held).toBeLessThanOrEqual(0.995);
}

const D = 4;

/** Statistics of {@link normalFeatures} themselves. */
function exact(): FeatureStatistics {
  const covariance = new Float64Array(D * D);
  for (let k = 0; k < D; k++) covariance[k * (D + 1)] = (1 + k / D) ** 2;
  return { count: 1e9, dimension: D, mean: new Float64Array(D), covariance, of: "test" };
}

describe("95 % intervals hold the truth in 90 to 99 % of repetitions", () => {
  test.each([
    [0, 1],
    [0.1, 1],
    [0.3, 1.3],
  ])("Fréchet distance for infinitely many images, mean off by %d, spread × %d", (shift, scale) => {
    let truth = 0;
    for (let k = 0; k < D; k++) truth += shift ** 2 + ((scale - 1) * (1 + k / D)) ** 2;
    const draw = (source: Random): Estimate =>
      frechetInfinity(exact(), normalFeatures(source, 200, D, shift, scale), { random: source }).infinite;
    expectHonest(11, draw, truth);
  });

  test.each([
    [0, 1],
    [0.3, 1.3],
  ])("sliced Wasserstein distance, mean off by %d, spread × %d", (shift, scale) => {
    const seed = random(7);
    const directions = 8;
    const axes = randomDirections(D, directions, seed.fork("directions"));
    let truth = 0;
    for (let axis = 0; axis < directions; axis++) {
      let mean = 0;
      let variance = 0;
      for (let k = 0; k < D; k++) {
        mean += axes[axis * D + k]! * shift;
        variance += (axes[axis * D + k]! * (1 + k / D)) ** 2;
      }
      truth += (mean ** 2 + (Math.sqrt(variance) * (scale - 1)) ** 2) / directions;
    }
    const draw = (source: Random): Estimate => {
      const [a, b] = [normalFeatures(source, 120, D), normalFeatures(source, 120, D, shift, scale)];
      return slicedWasserstein(a, b, { random: seed, directions }).infinite;
    };
    expectHonest(12, draw, truth);
  });

  test.each([0, 0.3])("KID, mean off by %d", (m) => {
    // x · y is a sum of independent products, so its cumulants add up and give E (x · y / D + 1)³.
    const moments = (mean: number, k: number) => {
      const variance = (1 + k / D) ** 2;
      return [mean, mean ** 2 + variance, mean ** 3 + 3 * mean * variance] as const;
    };
    const kernel = (a: number, b: number): number => {
      const sums = [0, 0, 0];
      for (let k = 0; k < D; k++) {
        const [x, y] = [moments(a, k), moments(b, k)];
        const [m1, m2, m3] = [x[0] * y[0], x[1] * y[1], x[2] * y[2]];
        const cumulants = [m1, m2 - m1 ** 2, m3 - 3 * m1 * m2 + 2 * m1 ** 3];
        for (const [i, value] of cumulants.entries()) sums[i] = sums[i]! + value / D ** (i + 1);
      }
      const [c1, c2, c3] = [sums[0]! + 1, sums[1]!, sums[2]!];
      return c3 + 3 * c2 * c1 + c1 ** 3;
    };
    const truth = kernel(0, 0) + kernel(m, m) - 2 * kernel(0, m);
    const draw = (source: Random): Estimate =>
      kidOfBlocks(normalFeatures(source, 200, D), normalFeatures(source, 200, D, m), { random: source });
    expectHonest(13, draw, truth);
  });

  test("losses by time, and their total where one image is read at many times", () => {
    // Images differ in how hard they are, for all times alike: samples of one image are far from independent.
    const draw =
      (pick: (result: ReturnType<typeof lossByTime>) => Estimate) =>
      (source: Random): Estimate => {
        const samples = Array.from({ length: 40 }, (_, image) => {
          const hard = source.normal();
          return Array.from({ length: 8 }, (__, k) => {
            const time = (k + source.uniform()) / 8;
            return { image, time, loss: 1 + 2 * time + hard + 0.2 * source.normal() };
          });
        }).flat();
        return pick(lossByTime(samples, { buckets: 4, of: "test" }));
      };
    expectHonest(
      14,
      draw(({ total }) => total),
      2,
    );
    expectHonest(
      15,
      draw(({ buckets }) => buckets[3]!),
      2.75,
    );
  });

  test("Inception Score of parts of the size that was asked for", () => {
    const logits = (source: Random, count: number) =>
      toFeatures(
        Float64Array.from({ length: 4 * count }, () => 2 * source.normal()),
        4,
        "test",
      );
    const splits = 8;
    const truth = inceptionScore(logits(random(20), 20 * 4000), { splits: 4000 }).value;
    expectHonest(21, (source) => inceptionScore(logits(source, 20 * splits), { splits }), truth);
  });

  test("pixel measures, about their value for infinitely many images", () => {
    const images = (source: Random, count: number): Images => ({
      data: Float32Array.from({ length: 4 * count }, () => Math.tanh(0.3 + 0.4 * source.normal())),
      shape: [count, 2, 2, 1],
    });
    const real: Images = {
      data: new Float32Array(400).map((_, i) => Math.tanh((i % 7) / 9)),
      shape: [100, 2, 2, 1],
    };
    const statistics = pixelStatistics(real);
    const measured = (source: Random, count: number) => pixelDistances(statistics, images(source, count));
    for (const name of ["mean", "deviation"] as const) {
      const truth = measured(random(22), 40_000)[name].value;
      expectHonest(23, (source) => measured(source, 120)[name], truth);
    }
  });

  test("bits per dimension, and shares by Wilson's interval", () => {
    const bits = (source: Random): Estimate =>
      bitsPerDimension(
        Array.from({ length: 20 }, () => 3 + source.normal()),
        "test",
      );
    expectHonest(16, bits, 3);
    // The neighbourhoods of fixed real points; how much of the generated distribution is inside them is estimated from many draws.
    const real = normalFeatures(random(17), 50, 2);
    const many = precisionRecall(real, normalFeatures(random(18), 5000, 2, 1));
    for (const name of ["precision", "density"] as const) {
      const draw = (source: Random): Estimate =>
        precisionRecall(real, normalFeatures(source, 40, 2, 1))[name];
      expectHonest(19, draw, many[name].value);
    }
  });

  test("recall, over draws of the real images that are asked", () => {
    const generated = normalFeatures(random(24), 50, 2, 1);
    const truth = precisionRecall(normalFeatures(random(25), 5000, 2), generated).recall.value;
    const draw = (source: Random): Estimate =>
      precisionRecall(normalFeatures(source, 40, 2), generated).recall;
    expectHonest(26, draw, truth);
  });

  test.each([0.7, 2])("coverage, one image covering many neighbourhoods, mean off by %d", (shift) => {
    const real = normalFeatures(random(27), 60, 2);
    const draw = (source: Random): Estimate =>
      precisionRecall(real, normalFeatures(source, 60, 2, shift)).coverage;
    let truth = 0;
    const rounds = 600;
    for (let round = 0; round < rounds; round++) truth += draw(random(28).fork(round)).value / rounds;
    expectHonest(29, draw, truth);
  });
});
