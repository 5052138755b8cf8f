import { getKernel, type KernelFunc, registerKernel, unregisterKernel } from "@tensorflow/tfjs-core";
import { wasmKernels } from "./kernels/index.ts";
import { refuse } from "./refuse.ts";

/** Marks a kernel function as one of ours, also for a second copy of this package. */
const mark: unique symbol = Symbol.for("@ddpm/tfjs-kernels/wasm");

const isOurs = (run: KernelFunc): boolean => mark in run;

/**
 * Adds the kernels that tfjs-backend-wasm lacks for training and replaces those that are wrong or slow, for this
 * process. Call it once `@tensorflow/tfjs-backend-wasm` is imported, before or after `setBackend("wasm")`; calling
 * it again changes nothing.
 *
 * @throws DdpmError when the wasm backend is not loaded
 */
export function registerWasmKernels(): void {
  if (!getKernel("Conv2D", "wasm")) {
    refuse("register", "the wasm backend is not loaded.", 'Import "@tensorflow/tfjs-backend-wasm" first.');
  }
  for (const { name, create } of wasmKernels) {
    const stock = getKernel(name, "wasm");
    if (stock && isOurs(stock.kernelFunc)) continue;
    const kernelFunc = Object.assign(create(stock?.kernelFunc), { [mark]: true });
    if (stock) unregisterKernel(name, "wasm");
    registerKernel({ ...stock, kernelName: name, backendName: "wasm", kernelFunc });
  }
}
