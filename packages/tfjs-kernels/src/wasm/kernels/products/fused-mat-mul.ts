import {
  _FusedMatMul,
  Add,
  Elu,
  LeakyRelu,
  Prelu,
  Relu,
  Relu6,
  Sigmoid,
  type TensorInfo,
} from "@tensorflow/tfjs-core";
import { call, kernel, type WasmKernel } from "../../kernel.ts";
import { refuse } from "../../refuse.ts";
import { type MatMulAttributes, type MatMulInputs, multiply, stockIsRight } from "./batch-mat-mul.ts";

interface Inputs extends MatMulInputs {
  readonly bias?: TensorInfo;
  readonly preluActivationWeights?: TensorInfo;
}

interface Attributes extends MatMulAttributes {
  readonly activation: string;
  readonly leakyreluAlpha?: number;
}

const activations: Readonly<Record<string, string>> = {
  relu: Relu, relu6: Relu6, elu: Elu, sigmoid: Sigmoid, prelu: Prelu, leakyrelu: LeakyRelu,
}; // biome-ignore format: one table

/** activation(a · b + bias); bias broadcasts against [..., M, N]. */
export const fusedMatMul: WasmKernel = kernel<Inputs, Attributes>(
  _FusedMatMul,
  "wrong: bias and activation once per 48-wide block when transposed or batched",
  ({ inputs, attrs, backend, stock }) => {
    const { bias, preluActivationWeights } = inputs;
    const { activation, leakyreluAlpha } = attrs;
    if ((bias === undefined || bias === null || bias.shape.length === 1) && stockIsRight(inputs, attrs))
      return stock();
    const name = activations[activation];
    if (activation !== "linear" && name === undefined) {
      const known = ["linear", ...Object.keys(activations)].join(", ");
      refuse(
        _FusedMatMul,
        `got activation "${activation}", expected one of ${known}.`,
        "Apply it separately.",
      );
    }
    let out = multiply(backend, inputs, attrs);
    const replace = (next: TensorInfo): void => {
      backend.disposeData(out.dataId);
      out = next;
    };
    if (bias) replace(call(backend, Add, { a: out, b: bias }));
    if (name === Prelu && preluActivationWeights) {
      replace(call(backend, Prelu, { x: out, alpha: preluActivationWeights }));
    } else if (name) {
      replace(call(backend, name, { x: out }, name === LeakyRelu ? { alpha: leakyreluAlpha ?? 0.2 } : {}));
    }
    return out;
  },
);
