import * as tf from "@tensorflow/tfjs";
import { expect, test } from "vitest";
import { countParams, disposeParams, expectShape, mapParams } from "../src/index.ts";

test("params are mapped by name, counted, and freed to the last tensor", () => {
  const before = tf.memory().numTensors;
  const params = { "a.kernel": tf.ones([2, 3]), "a.bias": tf.ones([3]) };
  const doubled = mapParams(params, (value, name) =>
    name === "a.bias" ? tf.mul(value, 2) : tf.clone(value),
  );
  expect(Object.keys(doubled)).toEqual(["a.kernel", "a.bias"]);
  expect([...(doubled["a.bias"]?.dataSync() ?? [])]).toEqual([2, 2, 2]);
  expect(countParams(Object.values(params))).toBe(9);
  expect(countParams([{ shape: [] }])).toBe(1);
  disposeParams(params);
  disposeParams(doubled);
  expect(tf.memory().numTensors).toBe(before);
});

test("shapes are compared axis by axis, −1 standing for any size", () => {
  expect(() => expectShape("test/x", "image", [1, 8, 8, 3], [-1, 8, 8, 3])).not.toThrow();
  expect(() => expectShape("test/x", "image", [1, 8, 8], [-1, 8, 8, 3])).toThrow(
    "[test/x] image has shape [1, 8, 8], expected [any, 8, 8, 3].",
  );
  expect(() => expectShape("test/x", "image", [1, 8, 7, 3], [-1, 8, 8, 3])).toThrow("has shape [1, 8, 7, 3]");
});
