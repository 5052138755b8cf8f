import type { WebgpuKernel } from "../../kernel.ts";
import { adamUpdate } from "./adam-update.ts";
import { pack, unpack } from "./pack.ts";
import { weightedSum } from "./weighted-sum.ts";

/** Kernels for what a training step does with weights once their gradients are there. */
export const optimiserKernels: readonly WebgpuKernel[] = [pack, unpack, adamUpdate, weightedSum];
