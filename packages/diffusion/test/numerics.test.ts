import "@tensorflow/tfjs";
import { halfLogSnr, momentAt } from "@ddpm/core";
import { chainOf, cosine, linear, sigmoid } from "@ddpm/schedules";
import { expectClose } from "@ddpm/testing";
import * as tf from "@tensorflow/tfjs-core";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { ancestralStep, combine, posteriorOf } from "../src/authoring.ts";
import { adamsWeights } from "../src/sampling/arithmetic/adams.ts";
import { adamsBashforth } from "../src/sampling/arithmetic/adams-bashforth.ts";
import { phis, taylorWeights } from "../src/sampling/arithmetic/exponential.ts";
import { momentBetween } from "../src/sampling/arithmetic/moment-between.ts";
import { paceAfter } from "../src/sampling/arithmetic/step-size.ts";
import { unipcWeights } from "../src/sampling/arithmetic/unipc-weights.ts";
import { exploding, families } from "./support.ts";

/** ∫ by Simpson's rule, fine enough for smooth functions. */
function integral(f: (y: number) => number, from: number, to: number): number {
  const count = 2000;
  const width = (to - from) / count;
  let sum = f(from) + f(to);
  for (let i = 1; i < count; i++) sum += f(from + i * width) * (i % 2 ? 4 : 2);
  return (sum * width) / 3;
}

describe("posteriorOf", () => {
  test("has the numbers of the chain's betas at every step, for T = 512, 600 and 1000", () => {
    for (const schedule of [linear(), linear({ steps: 512 }), cosine({ steps: 600 }), sigmoid()]) {
      const chain = chainOf(schedule);
      for (let i = 0; i < chain.steps; i++) {
        const [from, to] = [(i + 1) / chain.steps, i / chain.steps].map((t) => momentAt(schedule, t));
        const { keep, pull, beta, variance } = posteriorOf(from!, to!, schedule);
        const pairs = [
          [keep, chain.xtCoefficient[i]!],
          [pull, chain.x0Coefficient[i]!],
          [beta, chain.betas[i]!],
          [variance, chain.posteriorVariance[i]!],
        ];
        for (const [ours, theirs] of pairs)
          expect(Math.abs(ours! - theirs!)).toBeLessThanOrEqual(1e-10 * Math.abs(theirs!));
      }
    }
  });

  test("agrees with the definition of conditional normals between any two levels", () => {
    const time = fc.double({ min: 0.05, max: 0.95, noNaN: true });
    fc.assert(
      fc.property(time, time, (a, b) => {
        fc.pre(Math.abs(a - b) > 0.01);
        for (const schedule of families) {
          const [from, to] = [Math.max(a, b), Math.min(a, b)].map((t) => momentAt(schedule, t));
          const { keep, pull, variance, beta } = posteriorOf(from!, to!, schedule);
          // The mean of x_s must be alpha_s x_0, its variance sigma_s², once x_t is averaged over.
          expect(keep * from!.alpha + pull).toBeCloseTo(to!.alpha, 8);
          expect(Math.abs(variance + keep ** 2 * from!.sigma ** 2 - to!.sigma ** 2)).toBeLessThan(
            1e-9 * to!.sigma ** 2,
          );
          expect(beta).toBeGreaterThan(0);
        }
      }),
    );
  });
});

describe("ancestralStep", () => {
  test("keeps the variance of the level, and adds none at eta = 0", () => {
    for (const schedule of families) {
      const [from, to] = [0.8, 0.3].map((t) => momentAt(schedule, t));
      expect(ancestralStep(from!, to!, 0)).toEqual({ down: to, up: 0 });
      for (const eta of [0.2, 1]) {
        const { down, up } = ancestralStep(from!, to!, eta);
        expect(down.sigma ** 2 + up ** 2).toBeCloseTo(to!.sigma ** 2, 10);
        expect(down.alpha).toBe(to!.alpha);
      }
    }
  });
});

describe("quadrature weights", () => {
  const nodes = [1.3, 0.7, 0.2, -0.6];

  test("adamsWeights integrates polynomials times exponentials exactly", () => {
    for (const rate of [0, 1, 2.5, -1]) {
      for (let count = 1; count <= 4; count++) {
        const used = nodes.slice(0, count);
        const p = (y: number) => used.reduce((sum, _, k) => sum + (k + 1) * y ** k, 0);
        const found = adamsWeights(used, 1.3, 2.1, rate).reduce(
          (sum, weight, i) => sum + weight * p(used[i]!),
          0,
        );
        expect(found).toBeCloseTo(
          integral((y) => p(y) * Math.exp(rate * (y - 2.1)), 1.3, 2.1),
          9,
        );
      }
    }
  });

  test("adamsBashforth are its values for even nodes", () => {
    for (let count = 1; count <= 4; count++) {
      const even = Array.from({ length: count }, (_, i) => -i);
      adamsBashforth(count).forEach((weight, i) => {
        expect(weight).toBeCloseTo(adamsWeights(even, 0, 1, 0)[i]!, 12);
      });
    }
    expect(adamsBashforth(9)).toBe(adamsBashforth(4));
  });

  test("phis are integrals of the exponential, and finite over an infinite step", () => {
    for (const h of [0.3, 2, -1.5]) {
      const [phi1, phi2, phi3] = phis(h);
      expect(phi1).toBeCloseTo(
        integral((y) => h * Math.exp(h * (y - 1)), 0, 1),
        10,
      );
      expect(phi2).toBeCloseTo(
        integral((y) => h * y * Math.exp(h * (y - 1)), 0, 1),
        10,
      );
      expect(-phi3).toBeCloseTo(
        integral((y) => ((h * y ** 2) / 2) * Math.exp(h * (y - 1)), 0, 1),
        10,
      );
    }
    expect(phis(Number.POSITIVE_INFINITY)).toEqual([1, 1, -0.5]);
  });

  test("taylorWeights reproduce value, slope and curvature of a parabola", () => {
    const h = 0.4;
    const g = (y: number) => 2 - 3 * y + 5 * y ** 2;
    const lambdas = [1.1, 0.8, 0.1];
    const found = taylorWeights(lambdas, h, 0.7, 0.3, 0.2).reduce(
      (sum, weight, i) => sum + weight * g(lambdas[i]!),
      0,
    );
    expect(found).toBeCloseTo(0.7 * g(1.1) + 0.3 * h * (10 * 1.1 - 3) + 0.2 * h ** 2 * 5, 10);
  });

  test("unipcWeights integrate differences of polynomials exactly", () => {
    const h = 0.5;
    const ratios = [-0.8, -1.7, 1];
    const g = (r: number) => 0.4 * r - 0.9 * r ** 2 + 0.3 * r ** 3;
    const weights = unipcWeights(ratios, -h, "bh2");
    const found = ratios.reduce((sum, r, i) => sum + (weights[i]! * g(r)) / r, 0);
    expect(found).toBeCloseTo(
      integral((r) => -h * Math.exp(-h * (1 - r)) * g(r), 0, 1),
      8,
    );
  });
});

test("momentBetween stands halfway in log-SNR on every schedule", () => {
  for (const schedule of families) {
    const [from, to] = [0.8, 0.2].map((t) => momentAt(schedule, t));
    const middle = halfLogSnr(momentBetween(schedule, from!, to!, 0.5));
    expect(middle).toBeCloseTo((halfLogSnr(from!) + halfLogSnr(to!)) / 2, 6);
  }
});

test("paceAfter takes small errors with a longer step, and refuses large ones with a shorter", () => {
  const gains = { proportional: 0, integral: 1, derivative: 0, safety: 0.81 };
  const small = paceAfter(0.1, 3, undefined, gains);
  expect(small.accepted).toBe(true);
  expect(small.factor).toBeGreaterThan(1);
  const large = paceAfter(50, 3, small.errors, gains);
  expect(large.accepted).toBe(false);
  expect(large.factor).toBeLessThan(0.81);
  expect(large.errors.slice(1)).toEqual(small.errors.slice(0, 1).concat(small.errors.slice(2)));
});

test("combine adds coefficients of one tensor before it rounds", async () => {
  const x = tf.tensor4d([3], [1, 1, 1, 1]);
  await expectClose(combine([1e8, x], [1, x], [-1e8, x]), [3]);
  expect(exploding.at(0)).toEqual({ alpha: 1, sigma: 0 });
});
