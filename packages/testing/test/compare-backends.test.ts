import "@tensorflow/tfjs";
import * as tf from "@tensorflow/tfjs-core";
import { expect, it } from "vitest";
import { anyOf, arithmeticCases, type CaseMaker } from "../src/authoring.ts";
import { compareBackends } from "../src/index.ts";

/** The third draw in ten is computed with another factor. */
const sometimesWrong: CaseMaker = (draw) => {
  const factor = draw.whole(0, 9) < 3 ? 2 : 1;
  return {
    name: `x by ${factor}`,
    inputs: [{ shape: [3], dtype: "float32", values: draw.normals(3) }],
    gradients: true,
    apply: (x) => tf.mul(x!, factor),
    definition: (x) => x!,
  };
};

it("finds no difference between a backend and itself", async () => {
  const cases = anyOf(arithmeticCases);
  expect(await compareBackends({ backend: "cpu", cases, seed: 1, draws: 40 })).toEqual([]);
});

it("names the cases that differ, with what draws them again", async () => {
  const found = await compareBackends({ backend: "cpu", cases: sometimesWrong, seed: 1, draws: 40 });
  expect(found.length).toBeGreaterThan(4);
  expect(found.length).toBeLessThan(20);
  const [first] = found;
  expect(first).toMatchObject({ seed: 1, name: "x by 2" });
  const again = { cases: sometimesWrong, seed: 1, draws: 1, first: first!.draw };
  expect(await compareBackends({ backend: "cpu", ...again })).toEqual([first]);
});

it("leaves no tensors behind", async () => {
  const before = tf.memory().numTensors;
  await compareBackends({ backend: "cpu", cases: sometimesWrong, seed: 1, draws: 10 });
  expect(tf.memory().numTensors).toBe(before);
});
