import type { WebgpuKernel } from "../kernel.ts";
import { optimiserKernels } from "../optimiser/index.ts";
import { conv2dBackpropFilter } from "./conv2d-backprop-filter.ts";
import { conv2dBackpropInput } from "./conv2d-backprop-input.ts";
import { groupNorm } from "./group-norm.ts";
import { groupNormGrad } from "./group-norm-grad.ts";
import { max, mean, sum } from "./reductions.ts";

/** Every kernel of this package. */
export const webgpuKernels: readonly WebgpuKernel[] = [
  conv2dBackpropFilter,
  conv2dBackpropInput,
  groupNorm,
  groupNormGrad,
  sum,
  mean,
  max,
  ...optimiserKernels,
];
