import type { WebgpuKernel } from "../kernel.ts";
import { addN } from "./add-n.ts";
import { avgPoolGrad } from "./avg-pool-grad.ts";
import { conv2dBackpropFilter } from "./convolution/conv2d-backprop-filter.ts";
import { conv2dBackpropInput } from "./convolution/conv2d-backprop-input.ts";
import { conv2dBias, conv2dBiasGrad } from "./convolution/conv2d-bias.ts";
import { groupNorm } from "./group-norm/group-norm.ts";
import { groupNormGrad } from "./group-norm/group-norm-grad.ts";
import { optimiserKernels } from "./optimiser/index.ts";
import { max, mean, sum } from "./reductions.ts";
import { silu, siluGrad } from "./silu.ts";
import { splitV } from "./split-v.ts";

/** Every kernel of this package. */
export const webgpuKernels: readonly WebgpuKernel[] = [
  conv2dBackpropFilter,
  conv2dBackpropInput,
  conv2dBias,
  conv2dBiasGrad,
  groupNorm,
  groupNormGrad,
  sum,
  mean,
  max,
  silu,
  siluGrad,
  addN,
  avgPoolGrad,
  splitV,
  ...optimiserKernels,
];
