import { expect, test } from "vitest";
import { exponentOf, type Profile, widthOf } from "../src/authoring.ts";
import { emas, mixture } from "../src/index.ts";

const progress = (update: number) => ({ update, images: 0, batch: 1, until: 1, epoch: 1 });

/** The average that training would keep of a weight whose value after update τ is `weight(τ)`. */
function averageOf(weight: (update: number) => number, { at, width }: Profile): number {
  const decay = emas.create({ name: "profile", width });
  let average = 0;
  for (let n = 1; n <= at; n++) {
    const keep = decay.at(progress(n));
    average = keep * average + (1 - keep) * weight(n);
  }
  return average;
}

test("the exponent and the width are each other's inverse, and the paper's", () => {
  expect(exponentOf(0.05)).toBeCloseTo(16.97, 2);
  expect(exponentOf(0.1)).toBeCloseTo(6.94, 2);
  for (const gamma of [0, 0.3, 2, 40, 1e4])
    expect(exponentOf(widthOf(gamma)) / (gamma || 1)).toBeCloseTo(gamma ? 1 : 0, 9);
  expect(() => exponentOf(0.3)).toThrow(/at most 0.288/);
});

test("the memory of an average has the width it is named after", () => {
  // Mean and deviation of τ under the profile, from the averages of τ and τ² themselves.
  for (const width of [0.05, 0.1, 0.25]) {
    const at = 4000;
    const mean = averageOf((n) => n, { at, width });
    const square = averageOf((n) => n * n, { at, width });
    expect(Math.sqrt(square - mean ** 2) / at).toBeCloseTo(width, 3);
  }
});

test("an average that was kept is found again exactly", () => {
  const stored = [100, 200, 300].flatMap((at) => [0.05, 0.1].map((width) => ({ at, width })));
  const factors = mixture(stored, { at: 300, width: 0.1 });
  expect(Array.from(factors).map((factor) => Math.round(factor * 1e6) / 1e6 + 0)).toEqual([0, 0, 0, 0, 0, 1]);
});

test("averages that were not kept come out near what training would have kept", () => {
  const weight = (n: number): number => Math.sin(n / 90) + n / 500;
  const stored = Array.from({ length: 10 }, (_, i) => 100 * (i + 1)).flatMap((at) =>
    [0.05, 0.1].map((width) => ({ at, width })),
  );
  const kept = stored.map((profile) => averageOf(weight, profile));
  const plain = kept.at(-1)!;
  for (const wanted of [
    { at: 1000, width: 0.15 },
    { at: 1000, width: 0.07 },
    { at: 850, width: 0.1 },
  ]) {
    const factors = mixture(stored, wanted);
    const found = kept.reduce((sum, value, i) => sum + factors[i]! * value, 0);
    const truth = averageOf(weight, wanted);
    expect(Math.abs(found - truth)).toBeLessThan(0.04 * Math.max(Math.abs(plain - truth), 0.05));
    expect(Math.abs(factors.reduce((sum, factor) => sum + factor, 0) - 1)).toBeLessThan(0.01);
  }
});

test("nothing kept, or kept too early, is refused", () => {
  expect(() => mixture([], { at: 10, width: 0.1 })).toThrow(/the last one kept is at none/);
  expect(() => mixture([{ at: 9, width: 0.1 }], { at: 10, width: 0.1 })).toThrow(/is at 9/);
  const twice = [
    { at: 9, width: 0.1 },
    { at: 9, width: 0.1 },
  ];
  expect(() => mixture(twice, { at: 9, width: 0.05 })).toThrow(/the same one/);
});
