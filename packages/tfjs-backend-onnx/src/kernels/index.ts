import { gatherKernels } from "./arrangement/gather.ts";
import { joiningKernels } from "./arrangement/joining.ts";
import { rearrangingKernels } from "./arrangement/rearranging.ts";
import { slicingKernels } from "./arrangement/slicing.ts";
import { groupNormKernels } from "./channels/group-norm.ts";
import { convolutionKernels } from "./convolution/convolution.ts";
import { depthwiseKernels } from "./convolution/depthwise.ts";
import { basicKernels } from "./elementwise/basic.ts";
import { binaryKernels } from "./elementwise/binary.ts";
import { unaryKernels } from "./elementwise/unary.ts";
import type { LoweredKernel } from "./kernel.ts";
import { matMulKernels } from "./reduction/matmul.ts";
import { reductionKernels } from "./reduction/reduction.ts";
import { softmaxKernels } from "./reduction/softmax.ts";
import { poolingKernels } from "./windows/pooling.ts";
import { resizeKernels } from "./windows/resize.ts";

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
