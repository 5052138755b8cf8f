import type { TensorInfo } from "@tensorflow/tfjs-core";
import type { ReplacementKernel } from "../register.ts";
import type { WebgpuBackend } from "./backend.ts";
import { refuse } from "./refuse.ts";

/** One call of a kernel. */
export interface Call<Inputs, Attributes> {
  readonly inputs: Inputs;
  readonly attrs: Attributes;
  readonly backend: WebgpuBackend;
  /** The kernel that was registered before; refuses where the stock backend has none. */
  stock(): TensorInfo;
}

/** A kernel for the webgpu backend, ready to be registered. */
export type WebgpuKernel = ReplacementKernel;

/** Makes a {@link WebgpuKernel} from a typed function; a kernel may return several tensors. */
export const kernel = <Inputs, Attributes>(
  name: string,
  about: string,
  run: (call: Call<Inputs, Attributes>) => TensorInfo | TensorInfo[],
): WebgpuKernel => ({
  name,
  about,
  create: (stock) => (parameters) =>
    run({
      inputs: parameters.inputs as Inputs,
      attrs: parameters.attrs as Attributes,
      backend: parameters.backend as WebgpuBackend,
      stock: () => {
        if (!stock) refuse(name, "the stock backend has no such kernel to fall back on.", "Report this.");
        return stock(parameters) as TensorInfo;
      },
    }),
});
