import { halfLogSnr, logSnr } from "@ddpm/core";
import fc from "fast-check";
import { expect, test } from "vitest";
import {
  chainOf,
  cosine,
  cosineContinuous,
  custom,
  edm,
  exponential,
  jsd,
  linear,
  logSnrCosine,
  rectified,
  respace,
  schedules,
  shifted,
  ve,
  vp,
  warmup,
  zeroTerminal,
} from "../src/index.ts";

const unit = fc.double({ min: 1e-3, max: 0.999, noNaN: true });

test("zero-terminal keeps the first step, takes all signal from the last, and is linear in √ᾱ between", () => {
  const base = chainOf(linear());
  const chain = chainOf(zeroTerminal());
  expect(chain.abar[0]).toBeCloseTo(base.abar[0]!, 14);
  expect(chain.abar[999]).toBe(0);
  const [a, b, c] = [100, 400, 800].map(
    (i) => [Math.sqrt(base.abar[i]!), Math.sqrt(chain.abar[i]!)] as const,
  );
  const slope = (b![1] - a![1]) / (b![0] - a![0]);
  expect((c![1] - b![1]) / (c![0] - b![0])).toBeCloseTo(slope, 10);
});

test("zero-terminal with a rest of signal still falls strictly, and ends there", () => {
  const { abar } = chainOf(zeroTerminal({ terminal: 2 ** -24 }));
  expect(abar[999]! * 2 ** 24).toBeCloseTo(1, 9);
  for (let i = 1; i < 1000; i++) expect(abar[i]).toBeLessThan(abar[i - 1]!);
});

test("a wrapper takes a name, a description or a schedule", () => {
  const betas = chainOf(zeroTerminal({ of: cosine({ steps: 50 }) })).betas;
  const spec = { name: "zero-terminal", of: { name: "cosine", steps: 50 } };
  expect(chainOf(schedules.create(spec)).betas).toEqual(betas);
  expect(schedules.create({ name: "zero-terminal", of: "cosine" }).steps).toBe(1000);
  expect(() => zeroTerminal({ of: "cosin" })).toThrow('Did you mean "cosine"?');
  expect(() => zeroTerminal({ of: vp() })).toThrow("schedule vp has no steps");
  expect(() => zeroTerminal({ of: 3 as never })).toThrow('option "of"');
});

test("the linear chain of many steps tends to vp", () => {
  const distance = (steps: number) => {
    const chain = linear({ steps, betaStart: 0.1 / steps, betaEnd: 20 / steps });
    return Math.max(...[0.2, 0.5, 0.8].map((t) => Math.abs(chain.at(t).alpha - vp().at(t).alpha)));
  };
  expect(distance(20_000)).toBeLessThan(1e-3);
  expect(distance(2000) / distance(20_000)).toBeGreaterThan(8);
});

test("cosine tends to its continuous form, away from the clip", () => {
  const gap = (t: number) =>
    Math.abs(logSnr(cosine({ steps: 20_000 }).at(t)) - logSnr(cosineContinuous().at(t)));
  // The chain divides by ᾱ(0), which lowers 1 − ᾱ by a constant 1.6e-4.
  for (const t of [0.3, 0.5, 0.9]) expect(gap(t)).toBeLessThan(2e-3);
});

test("ve is geometric, edm straight, neither scales the image", () => {
  fc.assert(
    fc.property(unit, (t) => {
      expect(ve().at(t)).toEqual({ alpha: 1, sigma: expect.closeTo(0.02 * 5000 ** t, 9) });
      expect(edm().at(t)).toEqual({ alpha: 1, sigma: 80 * t });
    }),
  );
});

test("straight paths sum to 1, and a shift multiplies sigma / alpha", () => {
  fc.assert(
    fc.property(unit, fc.double({ min: 0.2, max: 8, noNaN: true }), (t, shift) => {
      const level = rectified({ shift }).at(t);
      const plain = rectified().at(t);
      expect(level.alpha + level.sigma).toBeCloseTo(1, 12);
      expect(level.sigma / level.alpha / (plain.sigma / plain.alpha)).toBeCloseTo(shift, 9);
      expect(plain).toEqual({ alpha: 1 - t, sigma: t });
    }),
  );
});

test("images twice as wide get a log-SNR lower by 2 ln 2, on continuous schedules and on chains", () => {
  for (const of of [logSnrCosine(), cosine({ steps: 100 })]) {
    const moved = shifted({ of, imageSize: 128 });
    for (const t of [0.1, 0.5, 0.9]) {
      expect(logSnr(of.at(t)) - logSnr(moved.at(t))).toBeCloseTo(2 * Math.LN2, 6);
    }
  }
  expect(() => shifted({ of: edm(), imageSize: 128 })).toThrow("does not preserve variance");
});

test("a shift that runs from one size to another is each of them at its end", () => {
  const both = shifted({ imageSize: 128, noiseSize: 64, noiseSizeEnd: 32 });
  const at = (noiseSize: number, t: number) => halfLogSnr(shifted({ imageSize: 128, noiseSize }).at(t));
  expect(halfLogSnr(both.at(1e-9))).toBeCloseTo(at(64, 1e-9), 6);
  expect(halfLogSnr(both.at(1))).toBeCloseTo(at(32, 1), 12);
});

test("jsd falls straight to nothing; exponential repeats one β; warm-up stays where it arrives", () => {
  const { abar } = chainOf(jsd({ steps: 20 }));
  abar.forEach((value, i) => {
    expect(value).toBeCloseTo(1 - (i + 1) / 20, 12);
  });
  const { betas } = chainOf(exponential({ steps: 30 }));
  expect(Math.max(...betas) - Math.min(...betas)).toBeLessThan(1e-12);
  expect(chainOf(warmup({ steps: 100, share: 0.5 })).betas.slice(49)).toEqual(
    new Float64Array(51).fill(0.02),
  );
});

test("a respaced chain has the ᾱ of the steps it keeps", () => {
  const full = chainOf(cosine({ steps: 100 }));
  const kept = [0, 7, 8, 50, 99];
  respace(cosine({ steps: 100 }), kept).abar.forEach((value, i) => {
    expect(value / full.abar[kept[i]!]!).toBeCloseTo(1, 9);
  });
  expect(() => respace(cosine(), [5, 5])).toThrow("expected rising steps");
  expect(() => respace(cosine(), [1000])).toThrow("expected rising steps below 1000");
});

test("a custom chain is the betas given", () => {
  expect([...chainOf(custom({ betas: [0.1, 0.2, 1] })).betas]).toEqual([0.1, 0.2, 1]);
});
