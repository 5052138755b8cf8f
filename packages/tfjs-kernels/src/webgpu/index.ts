export type { WebgpuKernel } from "./kernel.ts";
export { webgpuKernels } from "./kernels/index.ts";
export { registerWebgpuKernels } from "./register.ts";
