import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { curvesOfBetas } from "../src/authoring.ts";
import { smooth } from "../src/charts/index.ts";
import { fitText } from "../src/charts/panel/fit-text.ts";
import { legendRows } from "../src/charts/panel/legend-rows.ts";
import { linearTicks, logTicks, tickLabels } from "../src/charts/panel/ticks.ts";
import { thin } from "../src/charts/thin.ts";

describe("ticks", () => {
  test("linear ones are round", () => {
    expect(linearTicks(0, 1, 5)).toEqual([0, 0.2, 0.4, 0.6, 0.8, 1]);
    expect(linearTicks(-7, 12, 5)).toEqual([-5, 0, 5, 10]);
    expect(linearTicks(0, 1.28e6, 12)).toEqual([0, 2e5, 4e5, 6e5, 8e5, 1e6, 1.2e6]);
  });

  test("linear ones are within the range, equally spaced, neither too many nor too few", () => {
    const range = fc.tuple(
      fc.double({ min: -1e6, max: 1e6, noNaN: true }),
      fc.double({ min: 1e-3, max: 1e6, noNaN: true }),
    );
    fc.assert(
      fc.property(range, fc.integer({ min: 2, max: 12 }), ([low, size], most) => {
        const ticks = linearTicks(low, low + size, most);
        expect(ticks.length).toBeLessThanOrEqual(most + 1);
        expect(ticks.length).toBeGreaterThanOrEqual(Math.floor(most / 2.5));
        for (const tick of ticks) expect(tick).toBeGreaterThanOrEqual(low - 1e-6 * size);
        for (const tick of ticks) expect(tick).toBeLessThanOrEqual(low + size + 1e-6 * size);
        for (let i = 2; i < ticks.length; i++)
          expect(ticks[i]! - ticks[i - 1]!).toBeCloseTo(ticks[1]! - ticks[0]!, 6);
      }),
    );
  });

  test("log ones are powers of ten, thinned or filled in as the range asks", () => {
    expect(logTicks(1e-5, 1, 6)).toEqual([1e-5, 1e-4, 1e-3, 1e-2, 1e-1, 1]);
    expect(logTicks(1e-12, 1, 7)).toEqual([1e-12, 1e-10, 1e-8, 1e-6, 1e-4, 1e-2, 1]);
    expect(logTicks(0.015, 1.2, 9)).toEqual([0.02, 0.05, 0.1, 0.2, 0.5, 1]);
    expect(logTicks(0.03, 0.034, 8)).toEqual([0.03, 0.031, 0.032, 0.033, 0.034]);
  });

  test("labels of one axis are written alike and differ between ticks", () => {
    expect(tickLabels([0, 2e5, 1e6, 1.2e6], false)).toEqual(["0", "0.2M", "1M", "1.2M"]);
    expect(tickLabels([0, 5000, 10000], false)).toEqual(["0", "5k", "10k"]);
    expect(tickLabels([0, 5e-5, 1e-4], false)).toEqual(["0", "5e-5", "1e-4"]);
    expect(tickLabels([1e-5, 1e-3, 0.1, 10, 1000, 1e5], true)).toEqual([
      "1e-5",
      "0.001",
      "0.1",
      "10",
      "1000",
      "100k",
    ]);
    expect(tickLabels([1000000, 1000000.5, 1000001], false)).toEqual(["1M", "1.0000005M", "1.000001M"]);
  });
});

describe("thin", () => {
  test("keeps first, last, lowest and highest, in order, and no more than asked", () => {
    const values = fc.array(fc.double({ noNaN: true }), { minLength: 1, maxLength: 400 });
    fc.assert(
      fc.property(values, fc.integer({ min: 4, max: 50 }), (y, most) => {
        const kept = thin(y, most);
        expect(kept.length).toBeLessThanOrEqual(Math.max(most, 4));
        expect(kept[0]).toBe(0);
        expect(kept.at(-1)).toBe(y.length - 1);
        for (let i = 1; i < kept.length; i++) expect(kept[i]!).toBeGreaterThan(kept[i - 1]!);
        const shown = kept.map((i) => y[i]!);
        expect(Math.max(...shown)).toBe(Math.max(...y));
        expect(Math.min(...shown)).toBe(Math.min(...y));
      }),
    );
  });
});

describe("smooth", () => {
  test("leaves a constant alone from its first value on", () => {
    for (const value of smooth([3, 3, 3, 3], 0.99)) expect(value).toBeCloseTo(3, 12);
  });

  test("is the weighted mean with weights s^age", () => {
    const [x, s] = [[1, 5, -2, 4], 0.7];
    const weights = x.map((_, i) => s ** (x.length - 1 - i));
    const mean = x.reduce((sum, v, i) => sum + v * weights[i]!, 0) / weights.reduce((sum, w) => sum + w, 0);
    expect(smooth(x, s).at(-1)).toBeCloseTo(mean, 12);
    expect([...smooth(x, 0)]).toEqual(x);
    expect(() => smooth(x, 1)).toThrow(/smoothing 1/);
  });
});

describe("curvesOfBetas", () => {
  test("agrees with the plain product, and keeps its digits where 1 − ᾱ cancels", () => {
    const { abar, logSnr } = curvesOfBetas("a", [1e-12, 0.1, 0.5]);
    expect(abar![2]).toBeCloseTo((1 - 1e-12) * 0.9 * 0.5, 14);
    expect(logSnr![0]).toBeCloseTo(-Math.log(1e-12), 9);
    expect(logSnr![2]).toBeCloseTo(Math.log(0.45 / 0.55), 9);
  });

  test("ᾱ and log-SNR fall wherever noise is added", () => {
    fc.assert(
      fc.property(
        fc.array(fc.double({ min: 1e-6, max: 0.9, noNaN: true }), { minLength: 2, maxLength: 60 }),
        (beta) => {
          const { abar, logSnr } = curvesOfBetas("a", beta);
          for (let i = 1; i < beta.length; i++) {
            expect(abar![i]).toBeLessThan(abar![i - 1]!);
            expect(logSnr![i]).toBeLessThan(logSnr![i - 1]!);
          }
        },
      ),
    );
  });

  test("refuses what is no beta", () => {
    expect(() => curvesOfBetas("a", [])).toThrow(/no betas/);
    expect(() => curvesOfBetas("a", [0.1, 1.5])).toThrow(/beta 1.5 at index 1/);
    expect(() => curvesOfBetas("a", [Number.NaN])).toThrow(/NaN/);
  });
});

test("legendRows keeps order and width", () => {
  expect(legendRows(["aaaa", "bbbb", "cccc"], 180)).toEqual([["aaaa", "bbbb"], ["cccc"]]);
  expect(legendRows(["a".repeat(90), "b"], 200)).toEqual([["a".repeat(90)], ["b"]]);
});

test("fitText cuts at whole characters", () => {
  expect(fitText("short", 10, 100)).toBe("short");
  expect(fitText("😀😀😀😀", 10, 18)).toBe("😀😀…");
});
