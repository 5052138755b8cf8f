import { backend_util, SplitV, type Tensor, type TensorInfo, util } from "@tensorflow/tfjs-core";
import { kernel, type WasmKernel } from "../../kernel.ts";
import { sliceOf } from "./slice.ts";

interface Inputs {
  readonly x: TensorInfo;
}

interface Attributes {
  readonly numOrSizeSplits: number | number[];
  readonly axis: number;
}

/** Cuts x along one axis into several tensors. */
export const splitV: WasmKernel = kernel<Inputs, Attributes>(
  SplitV,
  "slow: copies the whole source once per piece",
  ({ inputs: { x }, attrs, backend, stock }) => {
    if (x.dtype === "string" || x.dtype === "complex64") return stock();
    const axis = util.parseAxisParam(attrs.axis, x.shape)[0]!;
    const begin = x.shape.map(() => 0);
    return backend_util.prepareSplitSize(x as Tensor, attrs.numOrSizeSplits, axis).map((length) => {
      const piece = sliceOf(backend, x, begin, x.shape.with(axis, length));
      begin[axis]! += length;
      return piece;
    });
  },
);
