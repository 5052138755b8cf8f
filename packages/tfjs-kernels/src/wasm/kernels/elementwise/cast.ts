import { Cast, type DataType, type TensorInfo } from "@tensorflow/tfjs-core";
import { floatsOf, intsOf, reshaped } from "../../heap.ts";
import { kernel, type WasmKernel } from "../../kernel.ts";

interface Inputs {
  readonly x: TensorInfo;
}

interface Attributes {
  readonly dtype: DataType;
}

/** Another dtype; anything but 0 becomes true. */
export const cast: WasmKernel = kernel<Inputs, Attributes>(
  Cast,
  "wrong: to bool it stores the number, so 0.5 becomes false and 2 stays 2; slow: copies even to the same dtype",
  ({ inputs: { x }, attrs: { dtype }, backend, stock }) => {
    if (dtype === x.dtype && dtype !== "string") return reshaped(backend, x, x.shape);
    if (dtype !== "bool" || (x.dtype !== "float32" && x.dtype !== "int32")) return stock();
    const out = backend.makeOutput(x.shape, "bool");
    const from = x.dtype === "int32" ? intsOf(backend, x) : floatsOf(backend, x);
    const to = new Uint8Array(backend.wasm.HEAPU8.buffer, backend.dataIdMap.get(out.dataId).memoryOffset);
    for (let i = 0; i < from.length; i++) to[i] = from[i] === 0 ? 0 : 1;
    return out;
  },
);
