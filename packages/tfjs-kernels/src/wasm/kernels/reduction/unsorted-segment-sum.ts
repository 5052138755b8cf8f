import { type TensorInfo, UnsortedSegmentSum } from "@tensorflow/tfjs-core";
import { sizeOf } from "../../../size-of.ts";
import { floatsOf, intsOf } from "../../heap.ts";
import { kernel, type WasmKernel } from "../../kernel.ts";
import { refuse } from "../../refuse.ts";

interface Inputs {
  readonly x: TensorInfo;
  readonly segmentIds: TensorInfo;
}

interface Attributes {
  readonly numSegments: number;
}

/**
 * out[s, …] = Σ of x[i, …] over i with segmentIds[i] = s: the gradient of `tf.gather`.
 *
 * x [N, …] float32 or int32, segmentIds [N] int32 → [numSegments, …]; ids outside [0, numSegments) are dropped.
 */
export const unsortedSegmentSum: WasmKernel = kernel<Inputs, Attributes>(
  UnsortedSegmentSum,
  "missing: gradient of gather",
  ({ inputs: { x, segmentIds }, attrs: { numSegments }, backend }) => {
    if (segmentIds.shape.length !== 1 || segmentIds.shape[0] !== x.shape[0]) {
      const given = `got segment ids [${segmentIds.shape}] for x [${x.shape}]`;
      refuse(UnsortedSegmentSum, `${given}, expected one id per row.`, "Flatten the ids.");
    }
    if (x.dtype !== "float32" && x.dtype !== "int32") {
      refuse(UnsortedSegmentSum, `got dtype ${x.dtype}, expected float32 or int32.`, "Cast x first.");
    }
    const view = x.dtype === "int32" ? intsOf : floatsOf;
    const out = backend.makeOutput([numSegments, ...x.shape.slice(1)], x.dtype);
    const ids = intsOf(backend, segmentIds);
    const from = view(backend, x);
    const to = view(backend, out).fill(0);
    const row = sizeOf(x.shape.slice(1));
    ids.forEach((id, i) => {
      if (id < 0 || id >= numSegments) return;
      for (let p = i * row, q = id * row, end = p + row; p < end; p++, q++) to[q]! += from[p]!;
    });
    return out;
  },
);
