import { register } from "../register.ts";
import { registerGradients } from "./gradients.ts";
import { webgpuKernels } from "./kernels/index.ts";

/**
 * Adds fused kernels to tfjs-backend-webgpu and replaces those that are slow in training, for this process. Call it
 * once `@tensorflow/tfjs-backend-webgpu` is imported, before or after `setBackend("webgpu")`; calling it again changes
 * nothing.
 *
 * @throws DdpmError when the webgpu backend is not loaded
 */
export function registerWebgpuKernels(): void {
  register("webgpu", webgpuKernels);
  registerGradients();
}
