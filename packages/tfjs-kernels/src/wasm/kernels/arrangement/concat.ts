import { backend_util, Concat, type TensorInfo, util } from "@tensorflow/tfjs-core";
import { sizeOf } from "../../../size-of.ts";
import { addressOf, bytesPer, copyBytes, heapViews } from "../../heap.ts";
import { kernel, type WasmKernel } from "../../kernel.ts";

type Inputs = readonly TensorInfo[];

interface Attributes {
  readonly axis: number;
}

/** Joins tensors along one axis. */
export const concat: WasmKernel = kernel<Inputs, Attributes>(
  Concat,
  "slow: makes two typed-array views per run",
  ({ inputs, attrs, backend, stock }) => {
    const all = Array.from({ length: Object.keys(inputs).length }, (_, i) => inputs[i]!);
    const { dtype, shape } = all[0]!;
    const parts = all.filter((x) => sizeOf(x.shape) > 0);
    const mixed = all.some((x) => x.dtype !== dtype);
    if (dtype === "string" || dtype === "complex64" || mixed || parts.length < 2) return stock();
    const axis = util.parseAxisParam(attrs.axis, shape)[0]!;
    const shapes = all.map((x) => x.shape);
    backend_util.assertParamsConsistent(shapes, axis);
    const out = backend.makeOutput(backend_util.computeOutShape(shapes, axis), dtype);
    const heap = heapViews(backend);
    const sources = parts.map((x) => ({
      run: sizeOf(x.shape.slice(axis)) * bytesPer(dtype),
      address: addressOf(backend, x),
    }));
    const end = addressOf(backend, out) + sizeOf(out.shape) * bytesPer(dtype);
    for (let target = addressOf(backend, out); target < end; ) {
      for (const source of sources) {
        copyBytes(heap, target, source.address, source.run);
        source.address += source.run;
        target += source.run;
      }
    }
    return out;
  },
);
