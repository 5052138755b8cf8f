import type { TensorInfo } from "@tensorflow/tfjs-core";
import { SILU, SILU_GRAD } from "../../contract.ts";
import { kernel, type WebgpuKernel } from "../kernel.ts";
import { sigmoid } from "../program/element.ts";
import { elementwise } from "../program/elementwise.ts";

interface Inputs {
  readonly x: TensorInfo;
}

interface GradientInputs extends Inputs {
  readonly dy: TensorInfo;
}

/** x · sigmoid(x). */
export const silu: WebgpuKernel = kernel<Inputs, object>(
  SILU,
  "ours: the activation in one dispatch",
  ({ inputs: { x }, backend }) =>
    elementwise(backend, {
      name: SILU,
      inputs: { x },
      output: backend.makeTensorInfo(x.shape, "float32"),
      functions: sigmoid,
      value: "x[i] * sigmoid(x[i])",
    }),
);

/** Gradient of `Silu` from dy and x: dy · s (1 + x (1 − s)) with s = sigmoid(x). */
export const siluGrad: WebgpuKernel = kernel<GradientInputs, object>(
  SILU_GRAD,
  "ours: its gradient in one dispatch",
  ({ inputs: { dy, x }, backend }) =>
    elementwise(backend, {
      name: SILU_GRAD,
      inputs: { dy, x },
      output: backend.makeTensorInfo(x.shape, "float32"),
      functions: (element) => `${sigmoid(element)}
        fn slope(x: E) -> E { let s = sigmoid(x); return s * (1.0 + x * (1.0 - s)); }`,
      value: "dy[i] * slope(x[i])",
    }),
);
