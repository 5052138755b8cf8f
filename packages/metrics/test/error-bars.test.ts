import { type Random, random } from "@ddpm/core";
import { describe, expect, test } from "vitest";
import {
  bitsPerDimension,
  type Estimate,
  type FeatureStatistics,
  frechetInfinity,
  kid,
  lossByTime,
  precisionRecall,
  randomDirections,
  slicedWasserstein,
} from "../src/index.ts";
import { coverage, normalFeatures } from "./draws.ts";

/** Of so many repetitions, a coverage of 0.95 has a deviation of 0.011: the allowed range is the promised one. */
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

  test.each([0, 0.3])("KID in one dimension, mean off by %d", (m) => {
    // E (x y + 1)³ of normal numbers is 1 + 3 E[x] E[y] + 3 E[x²] E[y²] + E[x³] E[y³].
    const moments = (mean: number) => [mean, mean ** 2 + 1, mean ** 3 + 3 * mean] as const;
    const kernel = (x: readonly number[], y: readonly number[]): number =>
      1 + 3 * x[0]! * y[0]! + 3 * x[1]! * y[1]! + x[2]! * y[2]!;
    const [p, q] = [moments(0), moments(m)];
    const truth = kernel(p, p) + kernel(q, q) - 2 * kernel(p, q);
    const draw = (source: Random): Estimate =>
      kid(normalFeatures(source, 300, 1), normalFeatures(source, 300, 1, m), { random: source });
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

  test("bits per dimension, and shares by Wilson's interval", () => {
    const bits = (source: Random): Estimate =>
      bitsPerDimension(
        Array.from({ length: 20 }, () => 3 + source.normal()),
        "test",
      );
    expectHonest(16, bits, 3);
    // The neighbourhoods of fixed real points; how much of the generated distribution lies in them is found by many draws.
    const real = normalFeatures(random(17), 50, 2);
    const many = precisionRecall(real, normalFeatures(random(18), 5000, 2, 1)).precision.value;
    const draw = (source: Random): Estimate =>
      precisionRecall(real, normalFeatures(source, 30, 2, 1)).precision;
    expectHonest(19, draw, many);
  });
});
