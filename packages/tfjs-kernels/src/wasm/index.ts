export type { WasmKernel } from "./kernel.ts";
export { wasmKernels } from "./kernels/index.ts";
export { registerWasmKernels } from "./register.ts";
