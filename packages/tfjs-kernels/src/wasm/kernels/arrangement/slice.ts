import { Slice, slice_util, type TensorInfo } from "@tensorflow/tfjs-core";
import { sizeOf } from "../../../size-of.ts";
import { addressOf, bytesPer, copyBytes, heapViews, type WasmBackend } from "../../heap.ts";
import { kernel, type WasmKernel } from "../../kernel.ts";

interface Inputs {
  readonly x: TensorInfo;
}

interface Attributes {
  readonly begin: number | number[];
  readonly size: number | number[];
}

/** Copies the box [begin, begin + size) of x, one contiguous run at a time, and nothing else. */
export function sliceOf(
  backend: WasmBackend,
  x: TensorInfo,
  begin: readonly number[],
  size: readonly number[],
): TensorInfo {
  const out = backend.makeOutput(size, x.dtype);
  if (sizeOf(size) === 0) return out;
  let whole = size.length;
  while (whole > 0 && size[whole - 1] === x.shape[whole - 1]) whole--;
  const outer = Math.max(0, whole - 1);
  const bytes = bytesPer(x.dtype);
  const strides = size.map((_, axis) => sizeOf(x.shape.slice(axis + 1)) * bytes);
  const run = sizeOf(size.slice(outer)) * bytes;
  const heap = heapViews(backend);
  let target = addressOf(backend, out);
  const copy = (axis: number, source: number): void => {
    const from = source + (begin[axis] ?? 0) * (strides[axis] ?? 0);
    if (axis >= outer) {
      copyBytes(heap, target, from, run);
      target += run;
      return;
    }
    for (let i = 0; i < size[axis]!; i++) copy(axis + 1, from + i * strides[axis]!);
  };
  copy(0, addressOf(backend, x));
  return out;
}

/** The box of `size` at `begin`; any numeric dtype. */
export const slice: WasmKernel = kernel<Inputs, Attributes>(
  Slice,
  "slow: copies the whole source first",
  ({ inputs: { x }, attrs, backend, stock }) => {
    if (x.dtype === "string" || x.dtype === "complex64") return stock();
    const [begin, size] = slice_util.parseSliceParams(x, attrs.begin, attrs.size);
    return sliceOf(backend, x, begin!, size!);
  },
);
