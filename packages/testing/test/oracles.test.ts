import "@tensorflow/tfjs";
import { momentAt, random } from "@ddpm/core";
import * as tf from "@tensorflow/tfjs-core";
import { describe, expect, test } from "vitest";
import { expectClose, gaussianOracle, mixtureOracle } from "../src/index.ts";
import { cosinePath, paths } from "./schedules.ts";

describe("the Gaussian oracle", () => {
  test("agrees with the posterior mean from a large draw of pairs", async () => {
    const oracle = gaussianOracle({ mean: [0.3], std: 0.5 });
    const at = momentAt(cosinePath, 0.4);
    const count = 200_000;
    const [clean, noise] = [random(1).normals(count), random(2).normals(count)];
    let sum = 0;
    let hits = 0;
    for (let i = 0; i < count; i++) {
      const x0 = 0.3 + 0.5 * clean[i]!;
      if (Math.abs(at.alpha * x0 + at.sigma * noise[i]! - 0.8) > 0.05) continue;
      sum += x0;
      hits++;
    }
    const { x0 } = oracle.denoise(tf.fill([1, 1, 1, 1], 0.8), at);
    await expectClose(x0, [sum / hits], { absolute: 5 * (0.4 / Math.sqrt(hits)) });
  });

  test("its flow is the solution of dz/du = ε, by fine Euler steps in float64", () => {
    const oracle = gaussianOracle({ mean: [0.3], std: 0.5 });
    for (const path of paths) {
      const [from, to] = [path.at(0.6), path.at(0.2)];
      let z = 1.1 / from.alpha;
      const count = 20_000;
      for (let i = 0; i < count; i++) {
        const u = from.sigma / from.alpha + ((to.sigma / to.alpha - from.sigma / from.alpha) * i) / count;
        const x0 = (0.25 * z + u ** 2 * 0.3) / (0.25 + u ** 2);
        z += ((to.sigma / to.alpha - from.sigma / from.alpha) / count) * ((z - x0) / u);
      }
      expect(oracle.flow([1.1], from, to)[0]).toBeCloseTo(z * to.alpha, 3);
    }
  });

  test("its consistency function is its flow to the clean end", async () => {
    const oracle = gaussianOracle();
    for (const path of paths) {
      const at = momentAt(path, 0.7);
      const x = random(3).normals(12);
      const found = oracle.consistent(tf.tensor4d(x, [1, 2, 2, 3]), at).x0;
      await expectClose(found, oracle.flow(x, at, { alpha: 1, sigma: 0 }), { relative: 1e-5 });
    }
  });

  test("its flow there and back is the identity", () => {
    const oracle = gaussianOracle();
    const [a, b] = [cosinePath.at(0.9), cosinePath.at(0.1)];
    const there = oracle.flow([1, 2, 3], a, b);
    oracle.flow(there, b, a).forEach((value, i) => {
      expect(value).toBeCloseTo(i + 1, 12);
    });
  });
});

describe("the mixture oracle", () => {
  test("agrees with the posterior mean by quadrature", async () => {
    const { denoise, centre, std } = mixtureOracle();
    const at = momentAt(cosinePath, 0.5);
    for (const x of [-0.9, -0.05, 0.3, 1.2]) {
      let [top, bottom] = [0, 0];
      for (let x0 = -3; x0 <= 3; x0 += 1e-4) {
        const prior =
          Math.exp(-(((x0 - centre) / std) ** 2) / 2) + Math.exp(-(((x0 + centre) / std) ** 2) / 2);
        const weight = prior * Math.exp(-(((x - at.alpha * x0) / at.sigma) ** 2) / 2);
        top += weight * x0;
        bottom += weight;
      }
      await expectClose(denoise(tf.fill([1, 1, 1, 1], x), at).x0, [top / bottom], { relative: 1e-5 });
    }
  });
});
