import { backend_util, GatherV2, type Tensor, type TensorInfo, util } from "@tensorflow/tfjs-core";
import { addressOf, bytesPer, copyBytes, heapViews, intsOf } from "../../heap.ts";
import { kernel, type WasmKernel } from "../../kernel.ts";
import { refuse } from "../../refuse.ts";

interface Inputs {
  readonly x: TensorInfo;
  readonly indices: TensorInfo;
}

interface Attributes {
  readonly axis: number;
  readonly batchDims: number;
}

/** Picks rows of x along one axis (embeddings, batches), a run at a time. */
export const gatherV2: WasmKernel = kernel<Inputs, Attributes>(
  GatherV2,
  "slow: index arithmetic per element",
  ({ inputs: { x, indices }, attrs, backend, stock }) => {
    if (x.dtype === "string" || x.dtype === "complex64" || indices.dtype !== "int32") return stock();
    const axis = util.parseAxisParam(attrs.axis, x.shape)[0]!;
    const info = backend_util.segment_util.collectGatherOpShapeInfo(
      x as Tensor,
      indices as Tensor,
      axis,
      attrs.batchDims,
    );
    const { batchSize, outerSize, dimSize, sliceSize, outputShape } = info;
    const picked = intsOf(backend, indices);
    const wrong = picked.find((index) => index < 0 || index >= dimSize);
    if (wrong !== undefined) {
      refuse(GatherV2, `got index ${wrong}, expected 0 to ${dimSize - 1}.`, "Check the indices.");
    }
    const out = backend.makeOutput(outputShape, x.dtype);
    const heap = heapViews(backend);
    const ids = intsOf(backend, indices);
    const run = sliceSize * bytesPer(x.dtype);
    const perBatch = ids.length / Math.max(1, batchSize);
    let target = addressOf(backend, out);
    for (let b = 0; b < batchSize; b++) {
      for (let o = 0; o < outerSize; o++) {
        const source = addressOf(backend, x) + (b * outerSize + o) * dimSize * run;
        for (let i = b * perBatch; i < (b + 1) * perBatch; i++) {
          copyBytes(heap, target, source + ids[i]! * run, run);
          target += run;
        }
      }
    }
    return out;
  },
);
