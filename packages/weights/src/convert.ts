import { fail } from "@ddpm/core";
import type { SafeTensor } from "./dtypes.ts";
import { fromBfloat16, fromFloat16 } from "./half.ts";

/**
 * A tensor's numbers as float32: F32 as it is (not copied), F16 and BF16 exactly, all others rounded to float32.
 * Whole numbers beyond ±2^24, which float32 would change, are refused.
 *
 * @param name what messages call the tensor
 * @throws DdpmError for a whole number that float32 cannot hold, or a finite one that would become infinite
 */
export function float32(tensor: SafeTensor, name = "a tensor"): Float32Array {
  switch (tensor.dtype) {
    case "F32":
      return tensor.data;
    case "F16":
      return fromFloat16(tensor.data);
    case "BF16":
      return fromBfloat16(tensor.data);
    case "F64":
      return rounded(tensor.data, name);
    default:
      return Float32Array.from(integers(tensor, name, 2 ** 24));
  }
}

/**
 * A tensor's whole numbers (I8 … U64, BOOL) as doubles, each checked to be within ±`limit`.
 *
 * @param name  what messages call the tensor
 * @param limit largest magnitude allowed, up to 2^53 − 1
 * @throws DdpmError for a number beyond the limit, or a tensor of fractions
 */
export function integers(
  tensor: SafeTensor,
  name = "a tensor",
  limit: number = Number.MAX_SAFE_INTEGER,
): Float64Array {
  const { dtype, data } = tensor;
  if (dtype === "F64" || dtype === "F32" || dtype === "F16" || dtype === "BF16") {
    fail("weights/convert", `${name} is ${dtype}, expected whole numbers.`);
  }
  const values = new Float64Array(data.length);
  for (let i = 0; i < data.length; i++) {
    const value = Number(data[i]!);
    if (Math.abs(value) > limit) {
      fail("weights/convert", `${name} holds ${data[i]} at ${i}, expected at most ±${limit}.`);
    }
    values[i] = value;
  }
  return values;
}

function rounded(values: Float64Array, name: string): Float32Array {
  const result = Float32Array.from(values);
  const lost = result.findIndex((value, i) => !Number.isFinite(value) && Number.isFinite(values[i]));
  if (lost >= 0) fail("weights/convert", `${name} holds ${values[lost]} at ${lost}, beyond float32.`);
  return result;
}
