import { getKernel, type KernelFunc, registerKernel, unregisterKernel } from "@tensorflow/tfjs-core";
import { refusing } from "./refuse.ts";

/** A kernel for one backend, ready to be registered. */
export interface ReplacementKernel {
  /** Kernel name as tfjs-core knows it, or one of our own. */
  readonly name: string;
  /** What the stock backend lacks, gets wrong or does slowly, in a few words. */
  readonly about: string;
  /** Builds the function that tfjs-core calls; `stock` is the one it replaces. */
  create(stock: KernelFunc | undefined): KernelFunc;
}

/**
 * Registers kernels for a backend in this process, in place of those of the same name; again without effect.
 *
 * @throws DdpmError when the backend is not loaded
 */
export function register(backend: "wasm" | "webgpu", kernels: readonly ReplacementKernel[]): void {
  // A registered symbol also marks the kernels of a second copy of this package.
  const mark = Symbol.for(`@ddpm/tfjs-kernels/${backend}`);
  if (!getKernel("Conv2D", backend)) {
    const hint = `Import "@tensorflow/tfjs-backend-${backend}" first.`;
    refusing(backend)("register", `the ${backend} backend is not loaded.`, hint);
  }
  for (const { name, create } of kernels) {
    const stock = getKernel(name, backend);
    if (stock && mark in stock.kernelFunc) continue;
    const kernelFunc = Object.assign(create(stock?.kernelFunc), { [mark]: true });
    if (stock) unregisterKernel(name, backend);
    registerKernel({ ...stock, kernelName: name, backendName: backend, kernelFunc });
  }
}
