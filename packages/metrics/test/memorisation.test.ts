import { type Random, random } from "@ddpm/core";
import { describe, expect, test } from "vitest";
import { mannWhitney, rowsOf } from "../src/authoring.ts";
import { type Features, memorisation, precisionRecall, toFeatures } from "../src/index.ts";
import { normalFeatures } from "./draws.ts";

const training = normalFeatures(random(1), 64, 8);
const heldOut = normalFeatures(random(2), 200, 8);

/** Training rows with a little noise: what a model that learned them by heart gives. */
function copies(source: Random, count: number, noise: number): Features {
  const rows = rowsOf(
    training,
    Array.from({ length: count }, (_, i) => i % 64),
  );
  return { ...rows, data: Float64Array.from(rows.data, (value) => value + noise * source.normal()) };
}

describe("memorisation", () => {
  test("finds out a model that knows 64 images by heart, and names the pairs", () => {
    const found = memorisation({ generated: copies(random(3), 150, 0.05), training, heldOut });
    expect(found.memorised).toBe(true);
    expect(found.copies.value).toBeGreaterThan(0.95);
    expect(found.test.p).toBeLessThan(1e-20);
    expect(found.pairs).toHaveLength(150);
    for (const { generated, training: source } of found.pairs) expect(source).toBe(generated % 64);
    expect(found.pairs[0]!.heldOutShare).toBe(0);
    const ratios = found.pairs.map(({ ratio }) => ratio);
    expect(ratios).toEqual([...ratios].sort((a, b) => a - b));
  });

  test("finds it out where the copies are too noisy to be called that one by one", () => {
    const noisy = memorisation({ generated: copies(random(12), 150, 0.8), training, heldOut });
    expect(noisy.copies.value).toBeLessThan(0.05);
    expect(noisy.memorised).toBe(true);
  });

  test("leaves a model alone that draws from the same distribution, and one that draws a worse one", () => {
    const honest = memorisation({ generated: normalFeatures(random(4), 150, 8), training, heldOut });
    expect(honest.memorised).toBe(false);
    expect(honest.test.p).toBeGreaterThan(0.01);
    expect(honest.copies.value).toBeLessThan(0.05);
    // Samples nearer to the middle are nearer to the training set too: the test reports it, but they are no copies.
    const timid = memorisation({ generated: normalFeatures(random(5), 150, 8, 0, 0.5), training, heldOut });
    expect(timid.test.p).toBeLessThan(1e-3);
    expect(timid.memorised).toBe(false);
  });

  test("an exact copy of an image that is there twice has ratio 0", () => {
    const twice = toFeatures(Float64Array.of(0, 0, 0, 0, 5, 5, 9, 9), 2, "x");
    const some = toFeatures(
      Float64Array.from({ length: 16 }, (_, i) => i + 1),
      2,
      "x",
    );
    const exact = { ...some, data: Float64Array.from(some.data).fill(0, 0, 2) };
    expect(memorisation({ generated: exact, training: twice, heldOut: some }).pairs[0]).toMatchObject({
      generated: 0,
      distance: 0,
      ratio: 0,
    });
  });
});

test("Mann–Whitney agrees with the count of pairs, ties half", () => {
  const [a, b] = [
    [1, 2, 2, 3, 3, 3, 8, 9],
    [0, 2, 3, 4, 5, 6, 7, 7, 10],
  ];
  let u = 0;
  for (const x of a) for (const y of b) u += x > y ? 1 : x === y ? 0.5 : 0;
  expect(mannWhitney(a, b).u).toBe(u);
  expect(mannWhitney(a, a)).toMatchObject({ z: 0, probability: 0.5 });
  expect(mannWhitney(a, b).z).toBeCloseTo(-mannWhitney(b, a).z, 12);
  expect(() => mannWhitney([1], b)).toThrow(/at least 8/);
});

test("p-values are uniform when nothing differs", () => {
  const source = random(6);
  const draw = (n: number): number[] => Array.from({ length: n }, () => Math.floor(12 * source.uniform()));
  const small = Array.from({ length: 1000 }, () => mannWhitney(draw(20), draw(30)).p).filter((p) => p < 0.1);
  expect(small.length).toBeGreaterThan(70);
  expect(small.length).toBeLessThan(130);
});

test("density and coverage of equal distributions are near 1 and 1 − 2^−k, Naeem et al. 2020, section 3.3", () => {
  const [a, b] = [normalFeatures(random(8), 600, 4), normalFeatures(random(9), 600, 4)];
  const { density, coverage } = precisionRecall(a, b);
  expect(density.value).toBeCloseTo(1, 0);
  expect(Math.abs(coverage.value - (1 - 2 ** -5))).toBeLessThan(0.03);
  const far = precisionRecall(a, normalFeatures(random(10), 600, 4, 50));
  expect([far.precision, far.recall, far.density, far.coverage].map(({ value }) => value)).toEqual([
    0, 0, 0, 0,
  ]);
});
