import * as tf from "@tensorflow/tfjs-core";
import { distance, tensor, type Values } from "../values.ts";
import { refuseDeviceErrors } from "./device.ts";

/** Inputs of a kernel by name, or in order where it takes a list. */
export type Inputs = Readonly<Record<string, Values>> | readonly Values[];

async function read(results: readonly tf.Tensor[]): Promise<Values[]> {
  const found: Values[] = [];
  for (const x of results)
    found.push({ shape: x.shape, data: (await x.data<"float32">()).slice() as Float32Array });
  tf.dispose([...results]);
  refuseDeviceErrors();
  return found;
}

/** Runs `f` on a backend and reads its results, which are gone then; fails on errors of the device. */
export async function on(
  backend: "cpu" | "webgpu",
  f: (...x: tf.Tensor4D[]) => tf.Tensor | tf.Tensor[],
  inputs: readonly Values[],
): Promise<Values[]> {
  await tf.setBackend(backend);
  return read([tf.tidy(() => [f(...inputs.map(tensor))].flat())].flat());
}

/** Outputs of one kernel on webgpu. */
export async function outputsOf(
  name: string,
  inputs: Inputs,
  attrs: Readonly<Record<string, unknown>>,
): Promise<Values[]> {
  await tf.setBackend("webgpu");
  const given = Array.isArray(inputs)
    ? inputs.map(tensor)
    : Object.fromEntries(Object.entries(inputs).map(([key, x]) => [key, tensor(x)]));
  const before = tf.memory().numTensors;
  const results = [
    tf.engine().runKernel(name, given as tf.NamedTensorMap, attrs as tf.NamedAttrMap) as
      | tf.Tensor
      | tf.Tensor[],
  ].flat();
  if (tf.memory().numTensors !== before + results.length) throw new Error(`${name} leaks tensors`);
  tf.dispose(given);
  return read(results);
}

/** Largest {@link distance} between webgpu and cpu of the results of `f`. */
export async function differenceFromCpu(
  f: (...x: tf.Tensor4D[]) => tf.Tensor | tf.Tensor[],
  inputs: readonly Values[],
): Promise<number> {
  const expected = await on("cpu", f, inputs);
  const actual = await on("webgpu", f, inputs);
  return Math.max(...expected.map((value, i) => distance(actual[i]!, value)));
}

/** Fails where the same kernel on the same input gives other bits. */
export async function sameBits(
  name: string,
  inputs: Inputs,
  attrs: Readonly<Record<string, unknown>>,
): Promise<boolean> {
  const [first, second] = [await outputsOf(name, inputs, attrs), await outputsOf(name, inputs, attrs)];
  return first.every((x, i) => x.data.every((value, at) => Object.is(value, second[i]!.data[at])));
}
