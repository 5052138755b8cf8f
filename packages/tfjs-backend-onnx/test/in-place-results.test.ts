import "@tensorflow/tfjs";
import * as tf from "@tensorflow/tfjs-core";
import { InferenceSession, Tensor } from "onnxruntime-node";
import { expect, it } from "vitest";
import "../src/index.ts";
import { encodeModel } from "../src/onnx/model.ts";

it("computes many large results without copies of them", async () => {
  await tf.setBackend("onnx");
  const x = tf.fill([1 << 20], 1);
  let large = tf.keep(tf.add(x, 1));
  large.dataSync();
  const before = process.memoryUsage().arrayBuffers;
  let most = 0;
  for (let i = 0; i < 20; i++) {
    const next = tf.tidy(() => tf.keep(tf.add(tf.mul(large, 0.5), 1)));
    large.dispose();
    large = next;
    tf.tidy(() => tf.slice(large, [0], [1]).dataSync());
    most = Math.max(most, process.memoryUsage().arrayBuffers - before);
  }
  expect(large.dataSync()[77]).toBeCloseTo(2, 5);
  expect(most).toBeLessThan(4 * large.size * 4);
});

it("leaves the results of others as they are", async () => {
  await tf.setBackend("onnx");
  const vector = (name: string): { name: string; type: "float32"; shape: number[] } => ({
    name,
    type: "float32",
    shape: [3],
  });
  const model = encodeModel({
    inputs: [vector("x")],
    outputs: [vector("y")],
    constants: [],
    nodes: [{ op: "Neg", name: "negative", domain: "", inputs: ["x"], outputs: ["y"], attributes: {} }],
  });
  const session = await InferenceSession.create(model);
  const { y } = await session.run({ x: new Tensor("float32", Float32Array.of(1, 2, 3), [3]) });
  expect(y).toBeInstanceOf(Tensor);
  expect([...(y!.data as Float32Array)]).toEqual([-1, -2, -3]);
  await session.release();
});
