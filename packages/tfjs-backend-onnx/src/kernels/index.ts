import { basicKernels } from "./basic.ts";
import { binaryKernels } from "./binary.ts";
import { convolutionKernels } from "./convolution.ts";
import type { LoweredKernel } from "./define.ts";
import { depthwiseKernels } from "./depthwise.ts";
import { gatherKernels } from "./gather.ts";
import { groupNormKernels } from "./group-norm.ts";
import { joiningKernels } from "./joining.ts";
import { matMulKernels } from "./matmul.ts";
import { poolingKernels } from "./pooling.ts";
import { rearrangingKernels } from "./rearranging.ts";
import { reductionKernels } from "./reduction.ts";
import { resizeKernels } from "./resize.ts";
import { slicingKernels } from "./slicing.ts";
import { softmaxKernels } from "./softmax.ts";
import { unaryKernels } from "./unary.ts";

/** Every kernel that records operations; the rest of the cpu backend's kernels run on the host. */
export const loweredKernels: readonly LoweredKernel[] = [
  ...basicKernels,
  ...unaryKernels,
  ...binaryKernels,
  ...reductionKernels,
  ...softmaxKernels,
  ...matMulKernels,
  ...slicingKernels,
  ...joiningKernels,
  ...rearrangingKernels,
  ...gatherKernels,
  ...convolutionKernels,
  ...depthwiseKernels,
  ...poolingKernels,
  ...resizeKernels,
  ...groupNormKernels,
];
