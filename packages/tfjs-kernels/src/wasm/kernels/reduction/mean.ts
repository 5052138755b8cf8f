import { Mean, type TensorInfo } from "@tensorflow/tfjs-core";
import { kernel, type WasmKernel } from "../../kernel.ts";
import { reduceSum } from "./reduce.ts";
import type { ReduceAttributes } from "./sum.ts";

interface Inputs {
  readonly x: TensorInfo;
}

/** Mean over `axis`; float32 is summed without a transpose and with float64 partial sums. */
export const mean: WasmKernel = kernel<Inputs, ReduceAttributes>(
  Mean,
  "slow: transposes first; one float32 accumulator",
  ({ inputs: { x }, attrs: { axis, keepDims }, backend, stock }) => {
    if (x.dtype !== "float32") return stock();
    return reduceSum(backend, x, axis, { keepDims, mean: true }) ?? stock();
  },
);
