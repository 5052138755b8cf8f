import { INFERENCE, type Mode, random } from "@ddpm/core";
import * as tf from "@tensorflow/tfjs";
import { describe, expect, test } from "vitest";
import { hoInit, torchInit } from "../src/initialisers.ts";
import { dropout } from "../src/layers/activations/dropout.ts";
import { gelu, geluTanh } from "../src/layers/activations/gelu.ts";
import { silu } from "../src/layers/activations/silu.ts";
import { attend, joinHeads, splitHeads, splitQkv } from "../src/layers/attention/attention.ts";
import { attendLinearly } from "../src/layers/attention/linear-attention.ts";
import { sinusoidal, withinTurn } from "../src/layers/embeddings/sinusoidal.ts";
import { upsampleNearest } from "../src/layers/resampling/upsample-nearest.ts";
import { scope } from "../src/scope.ts";

const points = Array.from({ length: 41 }, (_, i) => (i - 20) / 4);

/** Φ by Simpson's rule on the density. */
function normalCdf(x: number): number {
  const n = 2000;
  const h = x / n;
  let sum = 0;
  for (let i = 0; i <= n; i++) {
    sum += (i === 0 || i === n ? 1 : i % 2 === 1 ? 4 : 2) * Math.exp(-((i * h) ** 2) / 2);
  }
  return 0.5 + (sum * h) / 3 / Math.sqrt(2 * Math.PI);
}

describe.each([
  ["silu", silu, (x: number) => x / (1 + Math.exp(-x))],
  ["gelu", gelu, (x: number) => x * normalCdf(x)],
  [
    "geluTanh",
    geluTanh,
    (x: number) => (x / 2) * (1 + Math.tanh(Math.sqrt(2 / Math.PI) * (x + 0.044715 * x ** 3))),
  ],
])("%s", (_name, layer, formula) => {
  test("equals its formula, and its gradient the formula's slope", () => {
    const x = tf.tensor1d(points);
    const y = layer(x).dataSync();
    const slope = tf
      .grad((x) => tf.sum(layer(x)))(x)
      .dataSync();
    points.forEach((at, i) => {
      expect(y[i]).toBeCloseTo(formula(at), 5);
      expect(slope[i]).toBeCloseTo((formula(at + 1e-4) - formula(at - 1e-4)) / 2e-4, 4);
    });
  });
});

describe("attention", () => {
  const draw = (seed: number, ...shape: [number, number, number]): tf.Tensor3D =>
    tf.tensor(random(seed).normals(shape[0] * shape[1] * shape[2]), shape);

  test("equals sums over pixels, head by head", async () => {
    const [heads, pixels, width] = [2, 5, 3];
    const parts = [1, 2, 3].map((seed) => splitHeads(draw(seed, 1, pixels, heads * width), heads));
    const [q, k, v] = (await Promise.all(parts.map((part) => part.array()))).map((batch) => batch[0]!);
    const split = { q: parts[0]!, k: parts[1]!, v: parts[2]! };
    const soft = (await attend(split).array())[0]!;
    const linear = (await attendLinearly(split).array())[0]!;
    const softmax = (values: number[]): number[] => {
      const total = values.reduce((sum, value) => sum + Math.exp(value), 0);
      return values.map((value) => Math.exp(value) / total);
    };
    for (let h = 0; h < heads; h++) {
      const keys = k![h]![0]!.map((_, d) => softmax(k![h]!.map((row) => row[d]!)));
      for (let n = 0; n < pixels; n++) {
        const dots = k![h]!.map((key) => key.reduce((sum, value, d) => sum + value * q![h]![n]![d]!, 0));
        const weights = softmax(dots.map((dot) => dot / Math.sqrt(width)));
        const query = softmax(q![h]![n]!).map((value) => value / Math.sqrt(width));
        for (let e = 0; e < width; e++) {
          const full = weights.reduce((sum, weight, m) => sum + weight * v![h]![m]![e]!, 0);
          const through = query.reduce(
            (sum, value, d) => sum + value * keys[d]!.reduce((s, key, m) => s + key * v![h]![m]![e]!, 0),
            0,
          );
          expect(soft[n]![h * width + e]).toBeCloseTo(full, 5);
          expect(linear[n]![h * width + e]).toBeCloseTo(through, 5);
        }
      }
    }
  });

  test("both layouts of a joint projection name the same channels", async () => {
    const [heads, width] = [2, 3];
    const joint = draw(4, 1, 4, 3 * heads * width);
    const kinds = splitQkv(joint, heads, "kinds");
    // Channel (kind, head, d) of the one layout is channel (head, kind, d) of the other.
    const order = Array.from({ length: 3 * heads * width }, (_, i) => {
      const [head, rest] = [Math.floor(i / (3 * width)), i % (3 * width)];
      return (Math.floor(rest / width) * heads + head) * width + (rest % width);
    });
    const heads_ = splitQkv(tf.gather(joint, order, 2), heads, "heads");
    for (const kind of ["q", "k", "v"] as const) {
      expect(await heads_[kind].array()).toEqual(await kinds[kind].array());
    }
    expect(await joinHeads(kinds.q).array()).toEqual(
      await tf.slice(joint, [0, 0, 0], [1, 4, heads * width]).array(),
    );
  });
});

test("nearest upsampling repeats pixels, and its gradient adds them up, for more than one image", async () => {
  const x = tf.tensor4d(random(1).normals(2 * 2 * 3 * 2), [2, 2, 3, 2]);
  const w = tf.tensor4d(random(2).normals(2 * 4 * 6 * 2), [2, 4, 6, 2]);
  const [given, y, weights] = await Promise.all([x.array(), upsampleNearest(x).array(), w.array()]);
  const grad = await (
    tf.grad((x) => tf.sum(tf.mul(w, upsampleNearest(x as tf.Tensor4D))))(x) as tf.Tensor4D
  ).array();
  for (let b = 0; b < 2; b++) {
    for (let i = 0; i < 4; i++) {
      for (let j = 0; j < 6; j++) expect(y[b]![i]![j]).toEqual(given[b]![i >> 1]![j >> 1]);
    }
    for (let i = 0; i < 2; i++) {
      for (let j = 0; j < 3; j++) {
        for (let c = 0; c < 2; c++) {
          const at = (di: number, dj: number): number => weights[b]![2 * i + di]![2 * j + dj]![c]!;
          expect(grad[b]![i]![j]![c]).toBeCloseTo(at(0, 0) + at(0, 1) + at(1, 0) + at(1, 1), 5);
        }
      }
    }
  }
});

describe("sinusoidal", () => {
  const frequency: Record<string, (i: number) => number> = {
    ho: (i) => 10000 ** (-i / 3),
    openai: (i) => 10000 ** (-i / 4),
    transformer: (i) => 10000 ** ((-2 * i) / 8),
    doubled: (i) => 10000 ** ((-4 * i) / 8),
  };

  test.each(["ho", "openai", "transformer", "doubled"] as const)(
    "form %s puts waves where it says",
    (form) => {
      const values = sinusoidal({ width: 8, form })(tf.tensor1d([0, 7, 999])).arraySync();
      [0, 7, 999].forEach((t, row) => {
        for (let i = 0; i < 4; i++) {
          const angle = t * Math.fround(frequency[form]!(i));
          const [sine, cosine] =
            form === "ho" ? [i, i + 4] : form === "openai" ? [i + 4, i] : [2 * i, 2 * i + 1];
          expect(values[row]![sine]).toBeCloseTo(Math.sin(angle), 4);
          expect(values[row]![cosine]).toBeCloseTo(Math.cos(angle), 4);
        }
      });
    },
  );

  test("scale multiplies the noise, theta replaces the base, odd widths end in zero", () => {
    const plain = sinusoidal({ width: 8, theta: 100 })(tf.tensor1d([12])).arraySync();
    expect(sinusoidal({ width: 8, theta: 100, scale: 4 })(tf.tensor1d([3])).arraySync()).toEqual(plain);
    expect(plain[0]![1]).toBeCloseTo(Math.sin(12 * 100 ** (-1 / 3)), 5);
    expect(sinusoidal({ width: 9 })(tf.tensor1d([5])).arraySync()[0]![8]).toBe(0);
    expect(() => sinusoidal({ width: 2 })).toThrow("width 2 is too small");
  });

  test("turns are taken off without losing the angle", () => {
    const angles = Array.from({ length: 1001 }, (_, i) => Math.fround(i * 1.7 - 500));
    const reduced = withinTurn(tf.tensor1d(angles)).dataSync();
    angles.forEach((angle, i) => {
      expect(Math.abs(reduced[i]!)).toBeLessThan(Math.PI + 1e-3);
      expect(Math.sin(reduced[i]!)).toBeCloseTo(Math.sin(angle), 5);
    });
  });
});

describe("dropout", () => {
  const layer = dropout<tf.Tensor1D>(scope().child("drop"), 0.25);
  const training: Mode = {
    training: true,
    uniform: (_name, shape) => tf.tensor(random(1).uniforms(shape[0]!), [...shape]),
  };

  test("zeroes its share and keeps the mean", () => {
    const y = layer({ params: {}, mode: training }, tf.ones([20000])).dataSync();
    const zeros = y.filter((value) => value === 0).length / y.length;
    expect(zeros).toBeGreaterThan(0.24);
    expect(zeros).toBeLessThan(0.26);
    expect(y.every((value) => value === 0 || Math.abs(value - 4 / 3) < 1e-6)).toBe(true);
  });

  test("does nothing in inference, and nothing without randomness", () => {
    const x: tf.Tensor1D = tf.ones([8]);
    expect(layer({ params: {}, mode: INFERENCE }, x)).toBe(x);
    expect(layer({ params: {}, mode: { training: true } }, x)).toBe(x);
  });
});

describe("initialisers", () => {
  const variance = (values: Float32Array): number =>
    values.reduce((sum, v) => sum + v * v, 0) / values.length;
  const fans = { fanIn: 50, fanOut: 150 };

  test("PyTorch's: uniform within 1 / √fanIn, for kernel and bias", () => {
    for (const initial of [torchInit.kernel(fans), torchInit.bias(fans)]) {
      const values = initial(random(1), 20000);
      expect(Math.max(...values.map(Math.abs))).toBeLessThanOrEqual(1 / Math.sqrt(50));
      expect(variance(values) * 50).toBeCloseTo(1 / 3, 2);
    }
  });

  test("Ho's: variance 1 / mean of the fans, bias 0; scale 0 is 1e-10", () => {
    expect(variance(hoInit().kernel(fans)(random(1), 20000)) * 100).toBeCloseTo(1, 1);
    expect(variance(hoInit(0).kernel(fans)(random(1), 20000)) * 1e12).toBeCloseTo(1, 1);
    expect(hoInit().bias(fans)(random(1), 3)).toEqual(new Float32Array(3));
  });
});
