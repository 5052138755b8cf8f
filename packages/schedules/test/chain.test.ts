import type { NoiseSchedule } from "@ddpm/core";
import fc from "fast-check";
import { expect, test } from "vitest";
import { betaTable, posteriorLogVariance } from "../src/authoring.ts";
import { chainOf, cosine, linear } from "../src/index.ts";

const chains = fc
  .array(fc.double({ min: 1e-5, max: 0.9, noNaN: true }), { minLength: 2, maxLength: 40 })
  .map((betas) => chainOf(betaTable("random", betas)));

test("the posterior mean of a noised image without noise is the image noised one step less", () => {
  fc.assert(
    fc.property(chains, (chain) => {
      for (let i = 0; i < chain.steps; i++) {
        const mean = chain.x0Coefficient[i]! + chain.xtCoefficient[i]! * Math.sqrt(chain.abar[i]!);
        expect(mean).toBeCloseTo(Math.sqrt(chain.abarPrev[i]!), 9);
      }
    }),
  );
});

test("posterior variance obeys Bayes: 1/β̃ = α/β + 1/(1 − ᾱ_prev)", () => {
  fc.assert(
    fc.property(chains, (chain) => {
      for (let i = 1; i < chain.steps; i++) {
        const precision = chain.alphas[i]! / chain.betas[i]! + 1 / (1 - chain.abarPrev[i]!);
        expect(chain.posteriorVariance[i]! * precision).toBeCloseTo(1, 8);
      }
    }),
  );
});

test("fixed large is β, with the second β̃ at step 0", () => {
  const chain = chainOf(linear({ steps: 50 }));
  expect(chain.largeVariance[0]).toBe(chain.posteriorVariance[1]);
  expect(chain.largeVariance.slice(1)).toEqual(chain.betas.slice(1));
});

test("the two published clips of ln β̃ differ at step 0 only", () => {
  const chain = chainOf(cosine({ steps: 40 }));
  const next = posteriorLogVariance(chain, "next");
  const floor = posteriorLogVariance(chain, "floor");
  expect(next[0]).toBe(Math.log(chain.posteriorVariance[1]!));
  expect(floor[0]).toBe(Math.log(1e-20));
  expect(next.slice(1)).toEqual(floor.slice(1));
  expect(Math.exp(next[7]!)).toBeCloseTo(chain.posteriorVariance[7]!, 15);
});

test("a chain of one step has no next variance, and a continuous schedule no chain", () => {
  const one = chainOf(betaTable("one", [0.5]));
  expect(() => posteriorLogVariance(one, "next")).toThrow("no next variance");
  expect(one.largeVariance[0]).toBe(0.5);
  const straight: NoiseSchedule = { name: "straight", at: (t) => ({ alpha: 1 - t, sigma: t }) };
  expect(() => chainOf(straight)).toThrow("schedule straight has no steps");
});
