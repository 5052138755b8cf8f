import { type TensorInfo, Tile } from "@tensorflow/tfjs-core";
import { sizeOf } from "../../../size-of.ts";
import { addressOf, bytesPer, copyBytes, heapViews } from "../../heap.ts";
import { kernel, type WasmKernel } from "../../kernel.ts";

interface Inputs {
  readonly x: TensorInfo;
}

interface Attributes {
  readonly reps: readonly number[];
}

/** Repeats x `reps[i]` times along axis i: each block is written once and then copied within the output. */
export const tile: WasmKernel = kernel<Inputs, Attributes>(
  Tile,
  "slow: index arithmetic per element",
  ({ inputs: { x }, attrs: { reps }, backend, stock }) => {
    if (x.dtype === "string" || x.dtype === "complex64") return stock();
    const shape = x.shape.map((length, axis) => length * (reps[axis] ?? 1));
    const out = backend.makeOutput(shape, x.dtype);
    if (sizeOf(shape) === 0) return out;
    const bytes = bytesPer(x.dtype);
    let whole = shape.length;
    while (whole > 0 && (reps[whole - 1] ?? 1) === 1) whole--;
    const heap = heapViews(backend);
    const run = sizeOf(shape.slice(whole)) * bytes;
    const blocks = shape.map((_, axis) => sizeOf(shape.slice(axis + 1)) * bytes);
    let source = addressOf(backend, x);
    const fill = (axis: number, target: number): void => {
      if (axis === whole) {
        copyBytes(heap, target, source, run);
        source += run;
        return;
      }
      const block = blocks[axis]!;
      for (let i = 0; i < x.shape[axis]!; i++) fill(axis + 1, target + i * block);
      const once = x.shape[axis]! * block;
      for (let i = 1; i < (reps[axis] ?? 1); i++) copyBytes(heap, target + i * once, target, once);
    };
    fill(0, addressOf(backend, out));
    return out;
  },
);
