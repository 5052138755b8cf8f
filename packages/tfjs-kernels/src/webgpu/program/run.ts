import { getKernel, type TensorInfo } from "@tensorflow/tfjs-core";
import type { WebgpuBackend } from "../backend.ts";
import { refuse } from "../refuse.ts";

/**
 * Runs another kernel of the webgpu backend; the result belongs to the caller.
 *
 * @throws DdpmError when the backend has no kernel of that name
 */
export function run(
  backend: WebgpuBackend,
  name: string,
  inputs: Readonly<Record<string, TensorInfo>>,
  attrs: Readonly<Record<string, unknown>>,
): TensorInfo | TensorInfo[] {
  const config = getKernel(name, "webgpu");
  if (!config) refuse(name, "kernel not registered.", 'Import "@tensorflow/tfjs-backend-webgpu" first.');
  return config.kernelFunc({ inputs, attrs: attrs as never, backend });
}
