import { register } from "../register.ts";
import { wasmKernels } from "./kernels/index.ts";

/**
 * Adds the kernels that tfjs-backend-wasm lacks for training and replaces those that are wrong or slow, for this
 * process. Call it once `@tensorflow/tfjs-backend-wasm` is imported, before or after `setBackend("wasm")`; calling
 * it again changes nothing.
 *
 * @throws DdpmError when the wasm backend is not loaded
 */
export function registerWasmKernels(): void {
  register("wasm", wasmKernels);
}
