import { fail } from "@ddpm/core";
import * as tf from "@tensorflow/tfjs-core";
import { float32, integers } from "./convert.ts";
import type { SafeTensor } from "./dtypes.ts";

/**
 * Reads tensors back from the backend, ready for `writeSafetensors`: float32 → F32, int32 → I32, bool → BOOL.
 * The tensors stay alive.
 *
 * @throws DdpmError naming a tensor of another dtype
 */
export async function fromTensors(
  tensors: Readonly<Record<string, tf.Tensor>>,
): Promise<Record<string, SafeTensor>> {
  const read = await Promise.all(
    Object.entries(tensors).map(async ([name, tensor]) => [name, await entryOf(name, tensor)] as const),
  );
  return Object.fromEntries(read);
}

async function entryOf(name: string, tensor: tf.Tensor): Promise<SafeTensor> {
  const shape = tensor.shape.slice();
  switch (tensor.dtype) {
    case "float32":
      return { dtype: "F32", shape, data: await tensor.data<"float32">() };
    case "int32":
      return { dtype: "I32", shape, data: await tensor.data<"int32">() };
    case "bool":
      return { dtype: "BOOL", shape, data: new Uint8Array(await tensor.data<"bool">()) };
    default:
      return fail("weights/tensors", `tensor "${name}" is ${tensor.dtype}, expected float32, int32 or bool.`);
  }
}

/**
 * Makes tensors: F32, F16, BF16 and F64 → float32; whole numbers → int32; BOOL → bool. The caller disposes them.
 * Some backends keep the arrays instead of copying them: do not change them afterwards.
 *
 * @throws DdpmError naming the tensor, for a whole number beyond ±(2^31 − 1) or a double beyond float32
 */
export function toTensors(tensors: Readonly<Record<string, SafeTensor>>): Record<string, tf.Tensor> {
  const values = Object.entries(tensors).map(
    ([name, entry]) => [name, entry.shape, host(name, entry)] as const,
  );
  return Object.fromEntries(
    values.map(([name, shape, { data, dtype }]) => [name, tf.tensor(data, shape.slice(), dtype)]),
  );
}

function host(name: string, entry: SafeTensor): { data: tf.TypedArray; dtype: "float32" | "int32" | "bool" } {
  switch (entry.dtype) {
    case "F32":
    case "F16":
    case "BF16":
    case "F64":
      return { data: float32(entry, `tensor "${name}"`), dtype: "float32" };
    case "BOOL":
      return { data: entry.data, dtype: "bool" };
    case "I32":
      return { data: entry.data, dtype: "int32" };
    default:
      return { data: Int32Array.from(integers(entry, `tensor "${name}"`, 2 ** 31 - 1)), dtype: "int32" };
  }
}
