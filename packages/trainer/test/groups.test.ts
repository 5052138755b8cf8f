import { mapParams, type Params } from "@ddpm/core";
import * as tf from "@tensorflow/tfjs";
import { expect, test } from "vitest";
import type { Optimizer } from "../src/authoring.ts";
import { adam, adamw, grouped, sgd } from "../src/index.ts";

const values = { "in.kernel": [1, -2], "in.bias": [0.5], "out.kernel": [3], "out.bias": [-1] };

/** The weights after `count` updates whose gradient is the weight itself. */
function after(count: number, optimizer: Optimizer, names: readonly string[]): Record<string, number[]> {
  return tf.tidy(() => {
    const chosen = Object.entries(values).filter(([name]) => names.includes(name));
    let params: Params = Object.fromEntries(chosen.map(([name, row]) => [name, tf.tensor1d(row)]));
    let state = optimizer.init(params);
    for (let n = 1; n <= count; n++) {
      const numbers = Object.entries(optimizer.scalars(n, 0.1));
      const scalars = Object.fromEntries(numbers.map(([name, value]) => [name, tf.scalar(value)]));
      const gradients = mapParams(params, (value) => tf.clone(value));
      ({ params, state } = optimizer.update({ params, gradients, state, scalars }));
    }
    const entries = Object.entries(params).map(([name, value]) => [name, Array.from(value.dataSync())]);
    return Object.fromEntries(entries);
  });
}

test("each group learns as it would alone, and the rest as if there were no groups", () => {
  const all = Object.keys(values);
  const together = after(
    5,
    grouped(adamw({ decay: 0.3 }), [
      { match: ["*.bias"], optimizer: adam() },
      { match: ["out.*"], optimizer: sgd({ momentum: 0.9 }), rate: 0.5 },
    ]),
    all,
  );
  const halfRate: Optimizer = ((plain) => ({
    ...plain,
    scalars: (n: number, rate: number) => plain.scalars(n, rate * 0.5),
  }))(sgd({ momentum: 0.9 }));
  expect(together).toEqual({
    ...after(5, adam(), ["in.bias", "out.bias"]),
    ...after(5, halfRate, ["out.kernel"]),
    ...after(5, adamw({ decay: 0.3 }), ["in.kernel"]),
  });
});

test("a group without parameters is refused by name", () => {
  expect(() => after(1, grouped(sgd(), [{ match: ["*.bais"] }]), ["in.bias"])).toThrow(/\["\*\.bais"\]/);
});
