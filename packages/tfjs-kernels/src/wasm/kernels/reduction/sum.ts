import { Sum, type TensorInfo } from "@tensorflow/tfjs-core";
import { kernel, type WasmKernel } from "../../kernel.ts";
import { reduceSum } from "./reduce.ts";

interface Inputs {
  readonly x: TensorInfo;
}

/** Inputs and attributes of Sum and Mean. */
export interface ReduceAttributes {
  readonly axis: number | number[];
  readonly keepDims: boolean;
}

/** Sum over `axis`; float32 is summed without a transpose and with float64 partial sums. */
export const sum: WasmKernel = kernel<Inputs, ReduceAttributes>(
  Sum,
  "slow: transposes first; one float32 accumulator",
  ({ inputs: { x }, attrs: { axis, keepDims }, backend, stock }) => {
    if (x.dtype !== "float32") return stock();
    return reduceSum(backend, x, axis, { keepDims, mean: false }) ?? stock();
  },
);
