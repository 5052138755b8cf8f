import type { WebgpuKernel } from "../kernel.ts";
import { groupNorm } from "./group-norm.ts";
import { groupNormGrad } from "./group-norm-grad.ts";

/** Every kernel of this package. */
export const webgpuKernels: readonly WebgpuKernel[] = [groupNorm, groupNormGrad];
