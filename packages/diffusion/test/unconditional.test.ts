import * as tf from "@tensorflow/tfjs-core";
import "@tensorflow/tfjs";
import { expect, it } from "vitest";
import { unconditional } from "../src/authoring.ts";

const context = tf.ones([1, 2, 3]) as tf.Tensor3D;
const empty = tf.zeros([1, 4, 3]) as tf.Tensor3D;

it("drops labels and keeps the image", () => {
  const image = tf.zeros([1, 2, 2, 1]) as tf.Tensor4D;
  expect(unconditional({ labels: tf.tensor1d([1], "int32"), image })).toEqual({ image });
});

it("replaces a context by that of nothing, and drops its mask", () => {
  const contextMask = tf.ones([1, 2]) as tf.Tensor2D;
  expect(unconditional({ context, contextMask }, { context: empty })).toEqual({ context: empty });
});

it("refuses a context without one of nothing", () => {
  expect(() => unconditional({ context })).toThrow("no context of nothing was given");
});
