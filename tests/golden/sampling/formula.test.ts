import * as tf from "@tensorflow/tfjs";
import { expect, test } from "vitest";
import { formulaOf, withoutRemarks } from "./formula.ts";

test.each([
  ["1/(1+exp(8*t))", 1 / (1 + Math.exp(4))],
  ["cos(pi*t/2)^2", Math.cos(Math.PI / 4) ** 2],
  ["0.8 sin(2 t + 0.01 t)", 0.8 * Math.sin(1 + 0.005)],
  ["-t^2", -0.25],
  ["2 - 3 - 4 t", -3],
  ["2^3^t", 2 ** (3 ** 0.5)],
  ["0.01*exp(-0.8*(t - 1.5e-1))", 0.01 * Math.exp(-0.8 * 0.35)],
  ["8 / 4 / 2 * t", 0.5],
])("%s at t = 0.5 is read by the usual rules", (text, wanted) => {
  expect(formulaOf(text, ["t"])({ t: 0.5 })).toBeCloseTo(wanted, 12);
});

test("a formula of a tensor is evaluated element by element", () => {
  const x = tf.tensor1d([-1, 0, 2]);
  const value = formulaOf("1.5 * (0.4 - x)^2 / 2", ["x"])({ x }) as tf.Tensor;
  expect(Array.from(value.dataSync())).toEqual(
    [-1, 0, 2].map((v) => expect.closeTo(0.75 * (0.4 - v) ** 2, 5)),
  );
});

test.each(["2 +", "sin t", "spiral(t)", "y", "(t", "t; x", "t = 2", ""])(
  "%s is refused, never guessed",
  (text) => {
    expect(() => formulaOf(text, ["t"])).toThrow("cannot be read");
  },
);

test("remarks around a formula are no part of it", () => {
  expect(withoutRemarks("0.8*sin(2*x + 0.01*t), t = original timestep")).toBe("0.8*sin(2*x + 0.01*t)");
  expect(withoutRemarks("+ 0.05 * x_self_cond (absent at the first call)")).toBe("+ 0.05 * x_self_cond");
  expect(withoutRemarks("0.8 * (0.4 - x)")).toBe("0.8 * (0.4 - x)");
});
