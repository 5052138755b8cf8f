export { type DeviceTrouble, watchWebgpuDevice } from "./device-errors.ts";
export type { WebgpuKernel } from "./kernel.ts";
export { webgpuKernels } from "./kernels/index.ts";
export { registerWebgpuKernels } from "./register.ts";
