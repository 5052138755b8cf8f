import type { TensorInfo } from "@tensorflow/tfjs-core";
import type { Refuse } from "./refuse.ts";
import type { ReplacementKernel } from "./register.ts";

/** One call of a kernel. */
export interface KernelCall<Backend, Inputs, Attributes> {
  readonly inputs: Inputs;
  readonly attrs: Attributes;
  readonly backend: Backend;
  /** The kernel that was registered before, on what was given or on this; refuses where the stock backend has none. */
  stock(attrs?: Attributes, inputs?: Inputs): TensorInfo;
}

/** Makes a {@link ReplacementKernel} from a typed function; a kernel may return several tensors. */
export type KernelMaker<Backend> = <Inputs, Attributes>(
  name: string,
  about: string,
  run: (call: KernelCall<Backend, Inputs, Attributes>) => TensorInfo | TensorInfo[],
) => ReplacementKernel;

/** The maker of one backend's kernels. */
export const kernelMaker =
  <Backend>(refuse: Refuse): KernelMaker<Backend> =>
  <Inputs, Attributes>(
    name: string,
    about: string,
    run: (call: KernelCall<Backend, Inputs, Attributes>) => TensorInfo | TensorInfo[],
  ) => ({
    name,
    about,
    create: (stock) => (given) =>
      run({
        inputs: given.inputs as Inputs,
        attrs: given.attrs as Attributes,
        backend: given.backend as Backend,
        stock: (attrs, inputs) => {
          if (!stock) refuse(name, "the stock backend has no such kernel to fall back on.", "Report this.");
          const changed = {
            ...(attrs && { attrs: attrs as never }),
            ...(inputs && { inputs: inputs as never }),
          };
          return stock({ ...given, ...changed }) as TensorInfo;
        },
      }),
  });
