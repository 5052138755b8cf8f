import "@tensorflow/tfjs";
import { type Denoiser, INFERENCE, momentAt, random } from "@ddpm/core";
import { cosine, linear } from "@ddpm/schedules";
import { expectClose, expectNoLeak, gaussianOracle } from "@ddpm/testing";
import * as tf from "@tensorflow/tfjs-core";
import { describe, expect, test } from "vitest";
import {
  type BoundObjective,
  batchLoss,
  boundColumnNames,
  boundColumns,
  boundTerms,
  greyLogLikelihood,
  lossColumns,
  normalKl,
  priorTerm,
  type VarianceKind,
} from "../src/authoring.ts";
import { bitsPerDim, eps, l2, simple } from "../src/index.ts";

const schedule = linear({ steps: 50 });
const shape: [number, number, number, number] = [3, 2, 2, 3];
const times = [1 / 50, 0.4, 1];
/** Grey levels as images hold them. */
const grey = tf.tensor4d(
  random(1)
    .uniforms(36)
    .map((value) => Math.floor(256 * value) / 127.5 - 1),
  shape,
);

const columnsOf = (kind: VarianceKind) => {
  const columns = boundColumns(times, schedule, kind);
  const tensors = boundColumnNames.map((name) => [name, tf.tensor1d(columns[name])]);
  return Object.fromEntries(tensors) as Record<(typeof boundColumnNames)[number], tf.Tensor1D>;
};

describe("distributions", () => {
  test("KL of normals is the integral that defines it", async () => {
    const [m1, l1, m2, l2_] = [0.3, -0.7, -0.2, 0.4];
    const density = (y: number, m: number, l: number) =>
      Math.exp(-((y - m) ** 2) / (2 * Math.exp(l)) - l / 2) / Math.sqrt(2 * Math.PI);
    let sum = 0;
    for (let y = -12; y < 12; y += 1e-3) {
      sum += 1e-3 * density(y, m1, l1) * Math.log(density(y, m1, l1) / density(y, m2, l2_));
    }
    await expectClose(normalKl(tf.scalar(m1), tf.scalar(l1), tf.scalar(m2), tf.scalar(l2_)), [sum], {
      relative: 1e-5,
    });
  });

  test("the probabilities of the 256 grey levels add up to 1", () => {
    const levels = tf.tensor1d(Array.from({ length: 256 }, (_, v) => v / 127.5 - 1));
    for (const [mean, scale] of [
      [0.1, -1],
      [0.99, -3],
      [-0.5, 0.5],
    ] as const) {
      const logs = greyLogLikelihood(levels, tf.sub(levels, mean), tf.fill([256], scale));
      expect(tf.sum(tf.exp(logs)).dataSync()[0]).toBeCloseTo(1, 3);
    }
  });
});

describe("boundTerms", () => {
  test("vanish for the exact guess with the true variance, except for the decoder", () => {
    const terms = boundTerms("fixed-small", {
      x0: grey,
      distance: tf.zerosLike(grey),
      ...columnsOf("fixed-small"),
    }).dataSync();
    expect(Math.abs(terms[1]!) + Math.abs(terms[2]!)).toBeLessThan(1e-7);
    expect(terms[0]).toBeGreaterThan(0);
  });

  test("are not negative, and grow with the distance", () => {
    for (const kind of ["fixed-small", "fixed-large"] as const) {
      const at = (distance: number) =>
        boundTerms(kind, { x0: grey, distance: tf.fill(shape, distance), ...columnsOf(kind) }).dataSync();
      at(0.01).forEach((term, i) => {
        expect(term).toBeGreaterThanOrEqual(0);
        expect(at(0.02)[i]).toBeGreaterThan(term);
      });
    }
  });

  test("of a learned range are those of the fixed variances at its ends", async () => {
    const distance = tf.fill(shape, 0.05) as tf.Tensor4D;
    for (const [value, kind] of [
      [-1, "fixed-small"],
      [1, "fixed-large"],
    ] as const) {
      const variance = tf.fill(shape, value) as tf.Tensor4D;
      const learned = boundTerms("learned-range", {
        x0: grey,
        distance,
        variance,
        ...columnsOf("learned-range"),
      });
      const fixed = boundTerms(kind, { x0: grey, distance, ...columnsOf(kind) });
      // At step 0 the fixed large variance is that of step 1, as the references have it.
      await expectClose(tf.slice(learned, [1]), tf.slice(fixed, [1]), { relative: 1e-4, absolute: 1e-7 });
    }
  });

  test("need the declared variance and a chain", () => {
    expect(() =>
      boundTerms("learned-range", { x0: grey, distance: grey, ...columnsOf("learned-range") }),
    ).toThrow("learns variances");
    expect(() =>
      boundColumns([0.5], { name: "smooth", at: (t) => ({ alpha: 1 - t, sigma: t }) }, "fixed-small"),
    ).toThrow("no chain");
  });
});

test("the prior term is the KL to the standard normal", async () => {
  const { alpha, sigma } = momentAt(schedule, 1);
  const kl = normalKl(tf.mul(grey, alpha), tf.scalar(2 * Math.log(sigma)), tf.scalar(0), tf.scalar(0));
  const expected = tf.div(tf.mean(tf.reshape(kl, [3, -1]), 1), Math.LN2);
  await expectClose(priorTerm(grey, schedule), expected, { relative: 1e-3, absolute: 1e-6 });
});

describe("the hybrid loss", () => {
  const network: Denoiser = {
    name: "two",
    specs: [],
    channels: 3,
    axes: 2,
    multiple: 1,
    learnsVariance: true,
    init: () => ({}),
    apply: (params, x) =>
      tf.concat([tf.mul(x, params.mean!), tf.mul(tf.onesLike(x), params.variance!)], 3) as tf.Tensor4D,
  };
  const loss = (bound: BoundObjective | undefined, mean: tf.Tensor, variance: tf.Tensor): tf.Scalar => {
    const columns = lossColumns(times, { schedule, parameterization: eps(), weight: simple() });
    const tensors = Object.entries(columns).map(([name, column]) => [name, tf.tensor1d(column)]);
    const inputs = {
      x0: grey,
      eps: tf.tensor4d(random(2).normals(36), shape),
      ...(Object.fromEntries(tensors) as Record<keyof typeof columns, tf.Tensor1D>),
      bound: columnsOf("learned-range"),
    };
    return batchLoss(
      { denoiser: network, loss: l2(), ...(bound ? { bound } : {}) },
      { mean, variance },
      inputs,
      INFERENCE,
    ).loss;
  };
  const gradients = (bound: BoundObjective | undefined) => {
    const slopes = tf.grads((mean: tf.Tensor, variance: tf.Tensor) => loss(bound, mean, variance));
    return slopes([tf.scalar(0.4), tf.scalar(0.2)]).map((slope) => slope.dataSync()[0]!);
  };
  const bound = { variance: "learned-range", weight: 0.1 } as const;

  test("teaches the variance by the bound, and the guess by the plain loss alone", () => {
    const [plainMean, plainVariance] = gradients(undefined);
    const [mean, variance] = gradients(bound);
    expect(mean).toBeCloseTo(plainMean!, 6);
    expect(plainVariance).toBe(0);
    const at = (value: number) => loss(bound, tf.scalar(0.4), tf.scalar(value)).dataSync()[0]!;
    expect(variance).toBeCloseTo((at(0.21) - at(0.19)) / 0.02, 2);
    expect(Math.abs(variance!)).toBeGreaterThan(1e-4);
  });

  test("alone, the bound teaches both", () => {
    const only = { ...bound, alone: true };
    const [mean] = gradients(only);
    const at = (value: number) => loss(only, tf.scalar(value), tf.scalar(0.2)).dataSync()[0]!;
    const difference = (at(0.401) - at(0.399)) / 0.002;
    expect(Math.abs(mean! - difference)).toBeLessThan(0.02 * Math.abs(difference));
  });

  test("without its columns it is refused", () => {
    const columns = lossColumns(times, { schedule, parameterization: eps(), weight: simple() });
    const tensors = Object.entries(columns).map(([name, column]) => [name, tf.tensor1d(column)]);
    const inputs = {
      x0: grey,
      eps: grey,
      ...(Object.fromEntries(tensors) as Record<keyof typeof columns, tf.Tensor1D>),
    };
    const params = { mean: tf.scalar(1), variance: tf.scalar(0) };
    expect(() => batchLoss({ denoiser: network, loss: l2(), bound }, params, inputs, INFERENCE)).toThrow(
      "lack its columns",
    );
  });
});

describe("bitsPerDim", () => {
  const chain = cosine({ steps: 20 });
  const oracle = gaussianOracle();
  const options = { denoise: oracle.denoise, schedule: chain, x0: grey, random: random(4) };

  test("is the sum of its terms, and worse for a worse guess", async () => {
    const good = await bitsPerDim(options);
    const worse = await bitsPerDim({
      ...options,
      denoise: gaussianOracle({ mean: [0.9, 0.9, 0.9] }).denoise,
    });
    good.total.forEach((total, b) => {
      expect(total).toBeCloseTo(
        good.terms.reduce((sum, term) => sum + term[b]!, good.prior[b]!),
        4,
      );
    });
    const sum = (values: Float32Array) => values.reduce((a, b) => a + b);
    expect(sum(worse.total)).toBeGreaterThan(sum(good.total));
    expect(good.terms).toHaveLength(20);
  });

  test("of an image does not depend on its batch, and leaves nothing behind", async () => {
    const all = await bitsPerDim(options);
    const last = await bitsPerDim({ ...options, x0: tf.slice(grey, [2, 0, 0, 0], [1, 2, 2, 3]), first: 2 });
    expect(last.total[0]).toBeCloseTo(all.total[2]!, 4);
    await expectNoLeak("bits", () => bitsPerDim(options));
  });

  test("stops at its signal", async () => {
    await expect(bitsPerDim({ ...options, signal: { aborted: true } })).rejects.toThrow(
      "stopped by its signal",
    );
  });
});
