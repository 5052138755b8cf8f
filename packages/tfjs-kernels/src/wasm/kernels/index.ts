import type { WasmKernel } from "../kernel.ts";
import { concat } from "./arrangement/concat.ts";
import { gatherV2 } from "./arrangement/gather-v2.ts";
import { slice } from "./arrangement/slice.ts";
import { splitV } from "./arrangement/split-v.ts";
import { tile } from "./arrangement/tile.ts";
import { transpose } from "./arrangement/transpose.ts";
import { conv2dBackpropFilter } from "./convolution/conv2d-backprop-filter.ts";
import { conv2dBackpropInput } from "./convolution/conv2d-backprop-input.ts";
import { depthwiseBackpropFilter } from "./convolution/depthwise-backprop-filter.ts";
import { depthwiseBackpropInput } from "./convolution/depthwise-backprop-input.ts";
import {
  conv2d,
  depthwiseConv2d,
  fusedConv2d,
  fusedDepthwiseConv2d,
} from "./convolution/padded-convolution.ts";
import { add, multiply, realDiv, sub } from "./elementwise/broadcast-binary.ts";
import { cast } from "./elementwise/cast.ts";
import { prelu } from "./elementwise/prelu.ts";
import { batchMatMul } from "./products/batch-mat-mul.ts";
import { einsum } from "./products/einsum.ts";
import { fusedMatMul } from "./products/fused-mat-mul.ts";
import { mean } from "./reduction/mean.ts";
import { sum } from "./reduction/sum.ts";
import { unsortedSegmentSum } from "./reduction/unsorted-segment-sum.ts";
import { avgPoolGrad } from "./windows/avg-pool-grad.ts";
import { maxPoolGrad } from "./windows/max-pool-grad.ts";
import { resizeNearestGrad } from "./windows/resize-nearest-grad.ts";

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
