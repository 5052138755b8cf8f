import { getKernel, type TensorInfo } from "@tensorflow/tfjs-core";
import type { ReplacementKernel } from "../register.ts";
import { type KernelMaker, kernelMaker } from "../typed-kernel.ts";
import type { WasmBackend } from "./heap.ts";
import { refuse } from "./refuse.ts";

/** A kernel for the wasm backend, ready to be registered. */
export type WasmKernel = ReplacementKernel;

/** Makes a {@link WasmKernel}. */
export const kernel: KernelMaker<WasmBackend> = kernelMaker(refuse);

/**
 * Runs another kernel of the wasm backend; the result belongs to the caller.
 *
 * @throws DdpmError when the backend has no kernel of that name
 */
export function call(
  backend: WasmBackend,
  name: string,
  inputs: Readonly<Record<string, TensorInfo>>,
  attrs: Readonly<Record<string, unknown>> = {},
): TensorInfo {
  const config = getKernel(name, "wasm");
  if (!config) refuse(name, "kernel not registered.", 'Import "@tensorflow/tfjs-backend-wasm" first.');
  return config.kernelFunc({ inputs, attrs: attrs as never, backend }) as TensorInfo;
}
