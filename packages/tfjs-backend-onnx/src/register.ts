import { coreCopies } from "@ddpm/tfjs-kernels/authoring";
import {
  getKernelsForBackend,
  type KernelConfig,
  registerBackend,
  registerKernel,
} from "@tensorflow/tfjs-core";
import type { OnnxBackend } from "./backend.ts";
import { onHost } from "./host/fallback.ts";
import { loweredKernels } from "./kernels/index.ts";
import { type KernelParameters, recordingConfig } from "./recording-kernel.ts";

/** The name under which TensorFlow.js knows the backend. */
export const BACKEND_NAME = "onnx";

/** Below the cpu backend: importing this package alone does not change which backend a program uses. */
const PRIORITY = 0;

/** Registers the backend and a kernel for everything that the cpu backend has; warns of a second copy of tfjs-core. */
export function register(make: () => OnnxBackend | Promise<OnnxBackend>): void {
  const copies = coreCopies();
  if (copies) console.warn(`[tfjs-backend-onnx] ${copies}`);
  if (!registerBackend(BACKEND_NAME, make, PRIORITY)) return;
  const lowered = new Set<string>();
  for (const kernel of loweredKernels) {
    lowered.add(kernel.name);
    registerKernel(recordingConfig(kernel, BACKEND_NAME, onHost));
  }
  for (const { kernelName } of getKernelsForBackend("cpu")) {
    if (!lowered.has(kernelName)) registerKernel(hostConfig(kernelName));
  }
}

function hostConfig(name: string): KernelConfig {
  return {
    kernelName: name,
    backendName: BACKEND_NAME,
    kernelFunc: ({ inputs, attrs = {}, backend }: KernelParameters) =>
      onHost(name, inputs, attrs, backend as OnnxBackend),
  };
}
