import { random } from "@ddpm/core";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { collectStatistics, kidOfBlocks, mergeStatistics, rowsOf } from "../src/authoring.ts";
import {
  compareEstimates,
  type FeatureStatistics,
  type Features,
  featureStatistics,
  frechetDistance,
  toFeatures,
} from "../src/index.ts";
import { normalFeatures } from "./draws.ts";

const range = (from: number, to: number): number[] => Array.from({ length: to - from }, (_, i) => from + i);

function expectEqual(a: FeatureStatistics, b: FeatureStatistics, digits = 10): void {
  expect(a.count).toBe(b.count);
  for (const [k, value] of b.mean.entries()) expect(a.mean[k]).toBeCloseTo(value, digits);
  for (const [k, value] of b.covariance.entries()) expect(a.covariance[k]).toBeCloseTo(value, digits);
}

describe("mean and covariance", () => {
  test("equal the definition by hand", () => {
    const { mean, covariance } = featureStatistics(toFeatures(Float64Array.of(1, 2, 3, 6, 5, 4), 2, "x"));
    expect([...mean]).toEqual([3, 4]);
    expect([...covariance]).toEqual([4, 2, 2, 4]);
  });

  test("do not depend on how the rows are cut, collected or merged", () => {
    const all = normalFeatures(random(1), 90, 5, 3);
    const whole = featureStatistics(all);
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 89 }), fc.integer({ min: 1, max: 40 }), (cut, batch) => {
        const parts = [range(0, cut), range(cut, 90)].map((rows) => featureStatistics(rowsOf(all, rows)));
        expectEqual(mergeStatistics(parts[0]!, parts[1]!), whole);
        const collector = collectStatistics();
        for (let from = 0; from < 90; from += batch)
          collector.add(rowsOf(all, range(from, Math.min(90, from + batch))));
        expectEqual(collector.result(), whole);
      }),
      { numRuns: 20 },
    );
  });

  test("keep their digits when the mean is a million times the spread, over many batches", () => {
    const near = normalFeatures(random(2), 1200, 2);
    const far: Features = { ...near, data: Float64Array.from(near.data, (value) => value + 1e6) };
    const collector = collectStatistics();
    for (let from = 0; from < 1200; from += 100) collector.add(rowsOf(far, range(from, from + 100)));
    const { covariance } = collector.result();
    for (const [k, value] of featureStatistics(near).covariance.entries())
      expect(covariance[k]).toBeCloseTo(value, 8);
  });
});

describe("Fréchet distance", () => {
  test("of Gaussians whose covariances commute is the closed form", () => {
    const diagonal = (variances: readonly number[], mean: readonly number[]): FeatureStatistics => {
      const covariance = new Float64Array(variances.length ** 2);
      for (const [k, variance] of variances.entries()) covariance[k * (variances.length + 1)] = variance;
      return { count: 9, dimension: mean.length, mean: Float64Array.from(mean), covariance, of: "x" };
    };
    const [a, b] = [diagonal([4, 9, 0], [0, 0, 1]), diagonal([1, 16, 0], [1, 2, 1])];
    expect(frechetDistance(a, b).value).toBeCloseTo(1 + 4 + (2 - 1) ** 2 + (3 - 4) ** 2, 12);
  });

  test("is symmetric, 0 for equal sets, and does not see rotations", () => {
    const [a, b] = [normalFeatures(random(3), 60, 6), normalFeatures(random(4), 70, 6, 0.5, 2)];
    const distance = (x: Features, y: Features): number =>
      frechetDistance(featureStatistics(x), featureStatistics(y)).value;
    expect(distance(a, b)).toBeCloseTo(distance(b, a), 10);
    expect(distance(a, a)).toBeCloseTo(0, 10);
    const [cos, sin] = [Math.cos(1), Math.sin(1)];
    const rotated = (x: Features): Features => {
      const data = Float64Array.from(x.data);
      for (let row = 0; row < x.count; row++) {
        const [p, q] = [x.data[row * 6]!, x.data[row * 6 + 4]!];
        data[row * 6] = cos * p - sin * q;
        data[row * 6 + 4] = sin * p + cos * q;
      }
      return { ...x, data };
    };
    expect(distance(rotated(a), rotated(b))).toBeCloseTo(distance(a, b), 10);
  });
});

describe("what different extractors made", () => {
  const [a, b] = [normalFeatures(random(5), 80, 3), normalFeatures(random(6), 80, 3)];
  const other: Features = { ...b, of: "another" };

  test("is refused, everywhere, by both names", () => {
    const refused = /test, the other of another.*cannot be compared/;
    expect(() => kidOfBlocks(a, other)).toThrow(refused);
    expect(() => frechetDistance(featureStatistics(a), featureStatistics(other))).toThrow(refused);
    expect(() => mergeStatistics(featureStatistics(a), featureStatistics(other))).toThrow(refused);
    expect(() => compareEstimates(kidOfBlocks(a, b), { ...kidOfBlocks(a, b), of: "another" })).toThrow(
      refused,
    );
    expect(() => kidOfBlocks(a, normalFeatures(random(7), 80, 4))).toThrow(/rows of 3 and of 4/);
  });

  test("and differences need equal settings and an error bar", () => {
    expect(() => compareEstimates(kidOfBlocks(a, b), kidOfBlocks(a, b, { blocks: 10 }))).toThrow(
      /same metric/,
    );
    const bare = frechetDistance(featureStatistics(a), featureStatistics(b));
    expect(() => compareEstimates(bare, bare)).toThrow(/frechetInfinity/);
  });

  test("differences know chance from change", () => {
    const same = compareEstimates(kidOfBlocks(a, b), kidOfBlocks(a, normalFeatures(random(8), 80, 3)));
    expect(same.significant).toBe(false);
    const worse = compareEstimates(kidOfBlocks(a, b), kidOfBlocks(a, normalFeatures(random(9), 80, 3, 2)));
    expect(worse).toMatchObject({ significant: true, of: "test" });
    expect(worse.p).toBeLessThan(0.01);
  });
});

test("numbers that are not finite are refused with their row", () => {
  expect(() => toFeatures(Float32Array.of(1, 2, Number.NaN, 4), 2, "x")).toThrow(/row 1 holds NaN/);
  expect(() => toFeatures(new Float32Array(5), 2, "x")).toThrow(/whole rows of 2/);
});
