import "@tensorflow/tfjs";
import * as tf from "@tensorflow/tfjs-core";
import { beforeAll, expect, it } from "vitest";
import { onnxStatistics } from "../src/index.ts";

const COUNT = 12;

beforeAll(async () => {
  await tf.setBackend("onnx");
});

const tensors = (seed: number): tf.Tensor[] =>
  Array.from({ length: COUNT }, (_, i) =>
    tf.tensor(
      Float32Array.from({ length: 2 * (i + 2) }, (_, k) => Math.cos(seed + i + k)),
      [2, i + 2],
    ),
  );

/** The same chain for every tensor; some of them continue from the middle of it. */
function chains(a: readonly tf.Tensor[], b: readonly tf.Tensor[], rates: readonly number[]): tf.Tensor[] {
  return a.flatMap((x, i) => {
    const mean = tf.add(tf.mul(x, 0.9), tf.mul(b[i]!, 0.1));
    const next = tf.sub(x, tf.mul(tf.div(mean, tf.add(tf.sqrt(tf.square(b[i]!)), 0.5)), rates[i]!));
    return i % 3 === 0 ? [mean, next, tf.exp(next)] : [mean, next];
  });
}

function expected(rates: readonly number[]): number[][] {
  const plain = Math.fround;
  return Array.from({ length: COUNT }, (_, i) => {
    const of = (seed: number): number[] =>
      Array.from({ length: 2 * (i + 2) }, (_, k) => plain(Math.cos(seed + i + k)));
    const [a, b] = [of(1), of(2)];
    const mean = a.map((x, k) => 0.9 * x + 0.1 * b[k]!);
    const next = a.map((x, k) => x - (mean[k]! / (Math.abs(b[k]!) + 0.5)) * rates[i]!);
    return i % 3 === 0 ? [mean, next, next.map(Math.exp)] : [mean, next];
  }).flat();
}

function expectClose(actual: readonly tf.Tensor[], wanted: readonly number[][]): void {
  for (const [i, tensor] of actual.entries()) {
    for (const [k, value] of tensor.dataSync().entries()) expect(value).toBeCloseTo(wanted[i]![k]!, 5);
  }
}

it("computes equal chains on many small tensors, and sees when their numbers begin to differ", () => {
  const [a, b] = [tensors(1), tensors(2)];
  const before = onnxStatistics().compilations;
  for (const rates of [
    a.map(() => 0.3),
    a.map(() => 0.25),
    a.map((_, i) => (i + 1) / 17),
    a.map((_, i) => 1 - i / 13),
  ]) {
    const results = tf.tidy(() => chains(a, b, rates));
    expectClose(results, expected(rates));
    tf.dispose(results);
  }
  expect(onnxStatistics().compilations - before).toBeLessThanOrEqual(2);
});

it("uses few nodes for equal chains", () => {
  const [a, b] = [tensors(1), tensors(2)];
  const results = tf.tidy(() =>
    chains(
      a,
      b,
      a.map(() => 0.3),
    ),
  );
  results[0]!.dataSync();
  expect(onnxStatistics().nodes).toBeLessThan(8 * COUNT);
  tf.dispose(results);
});
