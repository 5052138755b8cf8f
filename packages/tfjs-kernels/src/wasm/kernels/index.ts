import type { WasmKernel } from "../kernel.ts";
import { avgPoolGrad } from "./avg-pool-grad.ts";
import { batchMatMul } from "./batch-mat-mul.ts";
import { add, multiply, realDiv, sub } from "./broadcast-binary.ts";
import { cast } from "./cast.ts";
import { concat } from "./concat.ts";
import { conv2dBackpropFilter } from "./conv2d-backprop-filter.ts";
import { conv2dBackpropInput } from "./conv2d-backprop-input.ts";
import { depthwiseBackpropFilter } from "./depthwise-backprop-filter.ts";
import { depthwiseBackpropInput } from "./depthwise-backprop-input.ts";
import { einsum } from "./einsum.ts";
import { fusedMatMul } from "./fused-mat-mul.ts";
import { gatherV2 } from "./gather-v2.ts";
import { maxPoolGrad } from "./max-pool-grad.ts";
import { mean } from "./mean.ts";
import { conv2d, depthwiseConv2d, fusedConv2d, fusedDepthwiseConv2d } from "./padded-convolution.ts";
import { prelu } from "./prelu.ts";
import { resizeNearestGrad } from "./resize-nearest-grad.ts";
import { slice } from "./slice.ts";
import { splitV } from "./split-v.ts";
import { sum } from "./sum.ts";
import { tile } from "./tile.ts";
import { transpose } from "./transpose.ts";
import { unsortedSegmentSum } from "./unsorted-segment-sum.ts";

/** Every kernel of this package. */
export const wasmKernels: readonly WasmKernel[] = [
  conv2d,
  fusedConv2d,
  depthwiseConv2d,
  fusedDepthwiseConv2d,
  conv2dBackpropFilter,
  conv2dBackpropInput,
  depthwiseBackpropFilter,
  depthwiseBackpropInput,
  batchMatMul,
  fusedMatMul,
  einsum,
  unsortedSegmentSum,
  avgPoolGrad,
  maxPoolGrad,
  resizeNearestGrad,
  sum,
  mean,
  transpose,
  slice,
  splitV,
  tile,
  concat,
  gatherV2,
  cast,
  add,
  sub,
  multiply,
  realDiv,
  prelu,
];
