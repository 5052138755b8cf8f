import "@tensorflow/tfjs";
import * as tf from "@tensorflow/tfjs-core";
import { describe, expect, test } from "vitest";
import { expectClose, expectNoLeak, fittedOrder, leaks, runChecks } from "../src/index.ts";

describe("expectClose", () => {
  test("accepts rounding, and nothing beyond its tolerance", async () => {
    await expectClose(tf.tensor1d([1, 2]), [1 + 5e-7, 2]);
    await expect(expectClose(tf.tensor1d([1, 2]), [1, 2.1])).rejects.toThrow("number 1 is 2, expected 2.1");
    await expectClose(tf.tensor1d([1, 2]), [1, 2.1], { absolute: 0.2 });
  });

  test("refuses NaN, infinities, other shapes and other lengths", async () => {
    await expect(expectClose(tf.tensor1d([Number.NaN]), [0], { absolute: 9 })).rejects.toThrow(
      "not a number",
    );
    await expect(expectClose(tf.tensor1d([Number.POSITIVE_INFINITY]), [0])).rejects.toThrow("number 0");
    await expectClose(tf.tensor1d([Number.POSITIVE_INFINITY]), [Number.POSITIVE_INFINITY]);
    await expect(expectClose(tf.zeros([2, 1]), tf.zeros([1, 2]))).rejects.toThrow("has shape [2, 1]");
    await expect(expectClose(tf.zeros([2]), [0])).rejects.toThrow("2 numbers given, expected 1");
  });
});

describe("leaks", () => {
  test("counts tensors, buffers and bytes left behind", async () => {
    expect(await leaks(() => tf.zeros([4]))).toEqual({ tensors: 1, buffers: 1, bytes: 16 });
    await expect(expectNoLeak("here", () => tf.zeros([4]))).rejects.toThrow(
      "1 tensors, 1 buffers and 16 bytes",
    );
  });

  test("lets warm caches and tidy functions pass, also asynchronous ones", async () => {
    let cache: tf.Tensor | undefined;
    await expectNoLeak("here", async () => {
      cache ??= tf.zeros([4]);
      tf.tidy(() => {
        tf.add(cache!, 1);
      });
    });
  });
});

test("fittedOrder finds the power", () => {
  expect(fittedOrder([10, 20, 40], [1, 1 / 8, 1 / 64])).toBeCloseTo(3, 10);
});

test("runChecks names every broken promise", async () => {
  const checks = [
    { name: "good", run: () => {} },
    {
      name: "bad",
      run: () => {
        throw new Error("because");
      },
    },
    { name: "worse", run: () => Promise.reject(new Error("also")) },
  ];
  await expect(runChecks("mine", checks)).rejects.toThrow(
    "mine breaks its contract. bad: because; worse: also",
  );
});
