import { random } from "@ddpm/core";
import { describe, expect, test } from "vitest";
import { meanSimilarity, pairedTests, seedTests } from "../src/authoring.ts";
import { kid, toFeatures } from "../src/index.ts";

describe("paired tests", () => {
  const dimension = 4;
  const set = (seed: number, shift: number) =>
    toFeatures(
      random(seed)
        .normals(100 * dimension)
        .map((x) => x + shift),
      dimension,
      "demo",
    );

  test("find a shift and, among equal sets, hardly anything", () => {
    const real = set(1, 0);
    const realSimilarity = meanSimilarity(real);
    let found = 0;
    const rounds = 20;
    for (let round = 0; round < rounds; round++) {
      const contributions = [0, 1, 2].map(
        (k) => kid(real, set(100 + 3 * round + k, 0), { realSimilarity }).contributions,
      );
      found += pairedTests(contributions).some(({ significant }) => significant) ? 1 : 0;
      const moved = [contributions[0]!, kid(real, set(500 + round, 1), { realSimilarity }).contributions];
      expect(pairedTests(moved)[0]).toMatchObject({ significant: true });
    }
    expect(found / rounds).toBeLessThanOrEqual(0.15);
  });

  test("see the small difference of two sets from the same noise, which unpaired errors hide", () => {
    const real = set(1, 0);
    const realSimilarity = meanSimilarity(real);
    const [a, b] = [kid(real, set(2, 0.3), { realSimilarity }), kid(real, set(2, 0.35), { realSimilarity })];
    const [tested] = pairedTests([a.contributions, b.contributions]);
    const unpaired = Math.hypot(a.estimate.standardError!, b.estimate.standardError!);
    expect(tested!.standardError).toBeLessThan(unpaired / 3);
    expect(tested!.value).toBeCloseTo(b.estimate.value - a.estimate.value, 10);
    expect(tested!.significant).toBe(true);
  });

  test("KID's interval over all pairs holds the truth in 90 to 99 % of draws of the samples", () => {
    const real = set(1, 0);
    const realSimilarity = meanSimilarity(real);
    const draws = (seed: number, count: number) =>
      toFeatures(
        random(seed)
          .normals(count * dimension)
          .map((x) => x + 0.4),
        dimension,
        "demo",
      );
    const truth = kid(real, draws(2, 2500), { realSimilarity }).estimate.value;
    const rounds = 200;
    let held = 0;
    for (let round = 0; round < rounds; round++) {
      const [low, high] = kid(real, draws(1000 + round, 60), { realSimilarity }).estimate.interval!;
      if (low <= truth && truth <= high) held++;
    }
    expect(held / rounds).toBeGreaterThanOrEqual(0.9);
    expect(held / rounds).toBeLessThanOrEqual(0.995);
  });

  test("Holm's correction never falls below the single test, and keeps its order", () => {
    const each = [0, 0.1, 0.2, 0.9].map((shift) =>
      Float64Array.from(random(9).normals(40), (x) => x + shift),
    );
    const tests = pairedTests(each).sort((a, b) => a.p - b.p);
    for (const [i, one] of tests.entries()) {
      expect(one.adjusted).toBeGreaterThanOrEqual(one.p);
      if (i > 0) expect(one.adjusted).toBeGreaterThanOrEqual(tests[i - 1]!.adjusted);
    }
  });

  test("of two settings with several seeds are Student's for pairs", () => {
    const { normals } = random(4);
    const [a, b] = [[...normals(5)], [...normals(5)]];
    const [pairs] = pairedTests([Float64Array.from(a), Float64Array.from(b)]);
    const [blocks] = seedTests([a, b]);
    expect(blocks!.standardError).toBeCloseTo(pairs!.standardError, 12);
    expect(blocks!.p).toBeCloseTo(pairs!.p, 12);
  });

  test("of settings with several seeds are not moved by what a seed adds to all of them", () => {
    const values = [
      [1, 2.1, 2.9],
      [2, 3, 4.2],
      [1.5, 2.4, 3.6],
    ];
    const moved = values.map((row) => row.map((value, s) => value + [5, -3, 8][s]!));
    for (const [i, one] of seedTests(moved).entries()) {
      expect(one.p).toBeCloseTo(seedTests(values)[i]!.p, 10);
      expect(one.value).toBeCloseTo(seedTests(values)[i]!.value, 10);
    }
  });

  test("of settings with several seeds find nothing where only seeds differ, and what is larger than they are", () => {
    const rounds = 400;
    let [found, seen] = [0, 0];
    const { normals } = random(11);
    for (let round = 0; round < rounds; round++) {
      const values = Array.from({ length: 4 }, () => [...normals(3)]);
      found += seedTests(values).some(({ significant }) => significant) ? 1 : 0;
      const separate = values.map((row, i) => row.map((value) => value + 12 * i));
      seen += seedTests(separate).every(({ significant }) => significant) ? 1 : 0;
    }
    expect(found / rounds).toBeLessThanOrEqual(0.08);
    expect(seen / rounds).toBeGreaterThan(0.95);
  });
});
