import type { ReplacementKernel } from "../register.ts";
import { type KernelMaker, kernelMaker } from "../typed-kernel.ts";
import type { WebgpuBackend } from "./backend.ts";
import { refuse } from "./refuse.ts";

/** A kernel for the webgpu backend, ready to be registered. */
export type WebgpuKernel = ReplacementKernel;

/** Makes a {@link WebgpuKernel}. */
export const kernel: KernelMaker<WebgpuBackend> = kernelMaker(refuse);
