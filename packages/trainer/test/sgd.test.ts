import * as tf from "@tensorflow/tfjs";
import { expect, test } from "vitest";
import type { SgdOptions } from "../src/authoring.ts";
import { sgd } from "../src/index.ts";

/** torch.optim.SGD's formulas in float64: the weights after each of some updates by the gradients of Σ k w² / 2. */
function torchSgd({ momentum = 0, dampening = 0, nesterov = false, decay = 0 }: SgdOptions, rate: number) {
  const weights = [1, -2, 0.5];
  let velocity: number[] | undefined;
  return Array.from({ length: 5 }, () => {
    const gradients = weights.map((w, k) => (k + 1) * w + decay * w);
    let directions = gradients;
    if (momentum > 0) {
      const before: readonly number[] | undefined = velocity;
      const next = gradients.map((g, k) => (before ? momentum * before[k]! + (1 - dampening) * g : g));
      velocity = next;
      directions = nesterov ? gradients.map((g, k) => g + momentum * next[k]!) : next;
    }
    directions.forEach((direction, k) => {
      weights[k] = weights[k]! - rate * direction;
    });
    return { weights: [...weights], velocity };
  });
}

const cases: readonly SgdOptions[] = [
  {},
  { decay: 0.1 },
  { momentum: 0.9 },
  { momentum: 0.9, dampening: 0.5 },
  { momentum: 0.7, dampening: 1, decay: 0.2 },
  { dampening: 0.3 },
  { momentum: 0.8, nesterov: true, decay: 0.05 },
];

test.each(cases)("sgd with %j updates weights as torch.optim.SGD does, its state too", (options) => {
  const optimizer = sgd(options);
  const wanted = torchSgd(options, 0.05);
  let params: Record<string, tf.Tensor> = { w: tf.tensor1d([1, -2, 0.5]) };
  let state = optimizer.init(params);
  for (const [i, { weights, velocity }] of wanted.entries()) {
    const gradients = { w: tf.mul(params.w!, tf.tensor1d([1, 2, 3])) };
    const scalars = Object.fromEntries(
      Object.entries(optimizer.scalars(i + 1, 0.05)).map(([name, value]) => [name, tf.scalar(value)]),
    );
    const next = optimizer.update({ params, gradients, state, scalars });
    params = { ...next.params };
    state = next.state;
    const close = (values: readonly number[]) => values.map((value) => expect.closeTo(value, 5));
    expect(Array.from(params.w!.dataSync())).toEqual(close(weights));
    if (velocity) expect(Array.from(state["velocity/w"]!.dataSync())).toEqual(close(velocity));
    else expect(Object.keys(state)).toEqual([]);
  }
});

test("nesterov with dampening is refused, as torch refuses it", () => {
  expect(() => sgd({ momentum: 0.9, nesterov: true, dampening: 0.1 })).toThrow(/dampening 0\.1 given/);
});
