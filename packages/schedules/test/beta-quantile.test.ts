import fc from "fast-check";
import { expect, test } from "vitest";
import { betaDistribution, betaQuantile } from "../src/numbers/beta-quantile.ts";

/** Away from the ends, where 1 − x has no digits left. */
const unit = fc.double({ min: 1e-3, max: 0.999, noNaN: true });
const shape = fc.double({ min: 0.5, max: 8, noNaN: true });

test("the distribution has its closed forms: arcsine, uniform, and powers", () => {
  fc.assert(
    fc.property(unit, shape, (x, b) => {
      expect(betaDistribution(x, 0.5, 0.5)).toBeCloseTo((2 / Math.PI) * Math.asin(Math.sqrt(x)), 11);
      expect(betaDistribution(x, 1, 1)).toBeCloseTo(x, 13);
      expect(betaDistribution(x, 1, b)).toBeCloseTo(1 - (1 - x) ** b, 12);
      expect(betaDistribution(x, b, 1)).toBeCloseTo(x ** b, 12);
    }),
  );
});

test("it is symmetric: I_x(a, b) = 1 − I_{1−x}(b, a)", () => {
  fc.assert(
    fc.property(unit, shape, shape, (x, a, b) => {
      expect(betaDistribution(x, a, b)).toBeCloseTo(1 - betaDistribution(1 - x, b, a), 11);
    }),
  );
});

test("the quantile inverts it", () => {
  fc.assert(
    fc.property(unit, shape, shape, (p, a, b) => {
      expect(betaDistribution(betaQuantile(p, a, b), a, b)).toBeCloseTo(p, 7);
    }),
    { numRuns: 40 },
  );
  expect([betaQuantile(0, 0.6, 0.6), betaQuantile(1, 0.6, 0.6)]).toEqual([0, 1]);
});
