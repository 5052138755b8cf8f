import * as tf from "@tensorflow/tfjs";
import { expect, it } from "vitest";
import { fromTensors, readSafetensors, toTensors, writeSafetensors } from "../src/index.ts";

it("tensors go to a file and come back, and none leaks", async () => {
  const before = tf.memory().numTensors;
  const params = {
    "conv.weight": tf.tensor4d(Array.from({ length: 24 }, Math.sqrt), [1, 2, 3, 4]),
    step: tf.scalar(2 ** 31 - 1, "int32"),
    mask: tf.tensor1d([true, false, true], "bool"),
    none: tf.zeros([0, 3]),
  };
  const bytes = writeSafetensors(await fromTensors(params), { images: "128" });
  expect(tf.memory().numTensors).toBe(before + 4);
  const { tensors, metadata } = readSafetensors(bytes);
  const back = toTensors(tensors);
  for (const [name, tensor] of Object.entries(params)) {
    expect([back[name]!.dtype, back[name]!.shape]).toEqual([tensor.dtype, tensor.shape]);
    expect(back[name]!.dataSync()).toEqual(tensor.dataSync());
  }
  expect(metadata.images).toBe("128");
  tf.dispose([params, back]);
  expect(tf.memory().numTensors).toBe(before);
});

it("other formats become the nearest dtype TensorFlow.js has", () => {
  const tensors = toTensors({
    half: { dtype: "F16", shape: [1], data: Uint16Array.of(0x3c00) },
    brain: { dtype: "BF16", shape: [1], data: Uint16Array.of(0x3f80) },
    double: { dtype: "F64", shape: [1], data: Float64Array.of(1) },
    long: { dtype: "I64", shape: [1], data: BigInt64Array.of(1n) },
    byte: { dtype: "U8", shape: [1], data: Uint8Array.of(1) },
  });
  expect(Object.values(tensors).map(({ dtype }) => dtype)).toEqual([
    "float32",
    "float32",
    "float32",
    "int32",
    "int32",
  ]);
  for (const tensor of Object.values(tensors)) expect([...tensor.dataSync()]).toEqual([1]);
  tf.dispose(tensors);
});

it("what does not fit is refused by name, and leaves no tensor behind", async () => {
  const before = tf.memory().numTensors;
  expect(() =>
    toTensors({
      a: { dtype: "F32", shape: [1], data: Float32Array.of(1) },
      seed: { dtype: "I64", shape: [1], data: BigInt64Array.of(2n ** 31n) },
    }),
  ).toThrow(/tensor "seed" holds 2147483648/);
  expect(tf.memory().numTensors).toBe(before);
  const text = tf.tensor1d(["a"]);
  await expect(fromTensors({ text })).rejects.toThrow(/tensor "text" is string/);
  text.dispose();
});
