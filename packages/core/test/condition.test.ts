import * as tf from "@tensorflow/tfjs-core";
import "@tensorflow/tfjs";
import { expect, it } from "vitest";
import { checkCondition, conditionFields, conditionOf } from "../src/authoring.ts";

const network = { classes: 3, imageChannels: 2, vector: 5, context: 8 };
const samples = [2, 4, 4, 1];
const image = (): tf.Tensor4D => tf.zeros([2, 4, 4, 2]);
const context = (): tf.Tensor3D => tf.zeros([2, 7, 8]);

it("lists what a network takes, the image's sides from the sample", () => {
  const fields = conditionFields(network, [4, 4, 1]);
  expect(fields.map(({ name, shape }) => [name, ...shape])).toEqual([
    ["labels"],
    ["image", 4, 4, 2],
    ["vector", 5],
    ["context", -1, 8],
    ["contextMask", -1],
  ]);
});

it("picks the condition out of other tensors", () => {
  const found = conditionOf({ context: context(), labels: undefined, x: tf.zeros([1]) } as object);
  expect(Object.keys(found)).toEqual(["context"]);
});

it.each([
  [
    "a context of another width",
    { image: image(), context: tf.zeros([2, 7, 9]) as tf.Tensor3D },
    "[2, any, 8]",
  ],
  ["no context", { image: image() }, "needs condition.context of shape [2, any, 8]"],
  [
    "a guess that it does not take",
    { image: image(), context: context(), guess: tf.zeros([2, 4, 4, 1]) as tf.Tensor4D },
    "condition.guess was given, but the network takes none",
  ],
  [
    "a mask of another length",
    { image: image(), context: context(), contextMask: tf.ones([2, 6]) as tf.Tensor2D },
    "expected [2, 7]",
  ],
])("refuses %s", (_what, condition, message) => {
  expect(() => checkCondition("core/test", network, samples, condition)).toThrow(message);
});

it("takes a context with its mask", () => {
  const condition = { image: image(), context: context(), contextMask: tf.ones([2, 7]) as tf.Tensor2D };
  expect(() => checkCondition("core/test", network, samples, condition)).not.toThrow();
});
