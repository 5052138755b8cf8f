import type { WebgpuKernel } from "../kernel.ts";

/** Every kernel of this package. */
export const webgpuKernels: readonly WebgpuKernel[] = [];
