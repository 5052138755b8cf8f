import { halfLogSnr, timeOfStep } from "@ddpm/core";
import fc from "fast-check";
import { expect, test } from "vitest";
import { betaTable } from "../src/authoring.ts";
import { cosine, linear } from "../src/index.ts";

const chains = fc
  .array(fc.double({ min: 1e-6, max: 0.6, noNaN: true }), { minLength: 1, maxLength: 60 })
  .map((betas) => ({ betas, table: betaTable("random", betas) }));
const unit = fc.double({ min: 0, max: 1, noNaN: true });
const ways = fc.constantFrom("log-snr" as const, "sigma" as const);

test("entry i stands exactly at (i + 1) / T", () => {
  fc.assert(
    fc.property(chains, ({ betas, table }) => {
      let abar = 1;
      betas.forEach((beta, i) => {
        abar *= 1 - beta;
        const level = table.at(timeOfStep(i, betas.length));
        expect(level).toEqual({ alpha: Math.sqrt(abar), sigma: Math.sqrt(1 - abar) });
      });
    }),
  );
});

test("log-SNR falls between any two times, in both interpolations", () => {
  fc.assert(
    fc.property(chains, ways, unit, unit, ({ betas }, interpolate, a, b) => {
      fc.pre(Math.abs(a - b) > 1e-4);
      const table = betaTable("random", betas, { interpolate });
      const [low, high] = [Math.min(a, b), Math.max(a, b)];
      expect(halfLogSnr(table.at(high))).toBeLessThan(halfLogSnr(table.at(low)));
    }),
  );
});

test("power is preserved and timeAt inverts at, in both interpolations", () => {
  fc.assert(
    fc.property(chains, ways, unit, ({ betas }, interpolate, t) => {
      fc.pre(t > 1e-9);
      const table = betaTable("random", betas, { interpolate });
      const level = table.at(t);
      expect(level.alpha ** 2 + level.sigma ** 2).toBeCloseTo(1, 12);
      expect(table.timeAt(halfLogSnr(level))).toBeCloseTo(t, 8);
    }),
  );
});

test("log-SNR runs straight between entries, ᾱ from clean data to the first", () => {
  const table = linear({ steps: 10 });
  const middle = halfLogSnr(table.at(0.35));
  expect(middle).toBeCloseTo((halfLogSnr(table.at(0.3)) + halfLogSnr(table.at(0.4))) / 2, 13);
  expect(table.at(0.025).sigma ** 2).toBeCloseTo(table.at(0.1).sigma ** 2 / 4, 16);
  expect(table.at(0)).toEqual({ alpha: 1, sigma: 0 });
});

test("sigma / alpha runs straight where asked for", () => {
  const table = linear({ steps: 10, interpolate: "sigma" });
  const ratio = (t: number) => table.at(t).sigma / table.at(t).alpha;
  expect(ratio(0.35)).toBeCloseTo((ratio(0.3) + ratio(0.4)) / 2, 13);
  expect(ratio(0.05)).toBeCloseTo(ratio(0.1) / 2, 13);
});

test("a last β of 1 leaves no signal and is reached without a jump", () => {
  const table = betaTable("terminal", [0.1, 0.5, 1]);
  expect(table.at(1)).toEqual({ alpha: 0, sigma: 1 });
  expect(table.at(1 - 1e-12).alpha).toBeLessThan(1e-5);
  expect(table.at(5 / 6).alpha ** 2).toBeCloseTo(table.abar[1]! / 2, 15);
  expect(table.timeAt(Number.NEGATIVE_INFINITY)).toBe(1);
  expect(table.timeAt(halfLogSnr(table.at(0.9)))).toBeCloseTo(0.9, 14);
});

test("half-log-SNRs outside the range belong to the ends", () => {
  const table = cosine({ steps: 20 });
  expect(table.timeAt?.(Number.POSITIVE_INFINITY)).toBe(0);
  expect(table.timeAt?.(-1000)).toBe(1);
});

test.each([
  [[], "no betas given"],
  [[0.1, 0], "β at step 1 is 0"],
  [[0.1, 1, 0.1], "β at step 1 is 1"],
  [[1.5], "β at step 0 is 1.5"],
  [[Number.NaN], "β at step 0 is not a number"],
  [[0.1, 1e-18], "too small"],
])("betas %j are refused", (betas, message) => {
  expect(() => betaTable("mine", betas)).toThrow(message);
});

test.each([-0.1, 1.1, Number.NaN])("time %d is refused", (t) => {
  expect(() => linear().at(t)).toThrow("expected a number in [0, 1]");
});
