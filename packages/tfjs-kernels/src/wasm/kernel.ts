import { getKernel, type TensorInfo } from "@tensorflow/tfjs-core";
import type { ReplacementKernel } from "../register.ts";
import type { WasmBackend } from "./heap.ts";
import { refuse } from "./refuse.ts";

/** One call of a kernel. */
export interface Call<Inputs, Attributes> {
  readonly inputs: Inputs;
  readonly attrs: Attributes;
  readonly backend: WasmBackend;
  /** The kernel that was registered before; refuses where the stock backend has none. */
  stock(attrs?: Attributes, inputs?: Inputs): TensorInfo;
}

/** A kernel for the wasm backend, ready to be registered. */
export type WasmKernel = ReplacementKernel;

/** Makes a {@link WasmKernel} from a typed function; a kernel may return several tensors. */
export const kernel = <Inputs, Attributes>(
  name: string,
  about: string,
  run: (call: Call<Inputs, Attributes>) => TensorInfo | TensorInfo[],
): WasmKernel => ({
  name,
  about,
  create: (stock) => (parameters) =>
    run({
      inputs: parameters.inputs as Inputs,
      attrs: parameters.attrs as Attributes,
      backend: parameters.backend as WasmBackend,
      stock: (attrs, inputs) => {
        if (!stock) refuse(name, "the stock backend has no such kernel to fall back on.", "Report this.");
        const changed = {
          ...(attrs && { attrs: attrs as never }),
          ...(inputs && { inputs: inputs as never }),
        };
        return stock({ ...parameters, ...changed }) as TensorInfo;
      },
    }),
});

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
