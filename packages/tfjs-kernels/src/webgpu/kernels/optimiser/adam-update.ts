import type { TensorInfo } from "@tensorflow/tfjs-core";
import { ADAM_UPDATE, type AdamUpdateAttributes } from "../../../contract.ts";
import { sizeOf } from "../../../size-of.ts";
import { kernel, type WebgpuKernel } from "../../kernel.ts";
import { elementOf, widthOf } from "../../program/element.ts";
import { launch } from "../../program/launch.ts";

interface Inputs {
  readonly param: TensorInfo;
  readonly gradient: TensorInfo;
  readonly mean: TensorInfo;
  readonly square: TensorInfo;
  /** Rate, floor and shrink. */
  readonly numbers: TensorInfo;
}

const LANES = 256;

/** m ← β₁ m + (1 − β₁) g, v ← β₂ v + (1 − β₂) g², w ← shrink · w − rate · m / (√v + floor), in one dispatch. */
export const adamUpdate: WebgpuKernel = kernel<Inputs, AdamUpdateAttributes>(
  ADAM_UPDATE,
  "new: a step of Adam in one dispatch instead of twelve",
  ({ inputs, attrs, backend }) => {
    const { shape } = inputs.param;
    const size = sizeOf(shape);
    const element = elementOf(size);
    const [next, newMean, newSquare] = [1, 2, 3].map(() => backend.makeTensorInfo(shape, "float32")) as [
      TensorInfo,
      TensorInfo,
      TensorInfo,
    ];
    const outputs = { next, newMean, newSquare };
    const { numbers, ...rest } = inputs;
    const { beta1, beta2, decay } = attrs;
    launch(backend, {
      name: ADAM_UPDATE,
      key: element,
      inputs: { ...rest, scalars: numbers },
      outputs,
      types: Object.fromEntries(Object.keys({ ...rest, ...outputs }).map((name) => [name, element])),
      numbers: {
        size: { i32: size / widthOf(element) },
        beta1: { f32: beta1 },
        fresh1: { f32: 1 - beta1 },
        beta2: { f32: beta2 },
        fresh2: { f32: 1 - beta2 },
        decay: { f32: decay },
      },
      workgroup: [LANES],
      workgroups: [Math.ceil(size / widthOf(element) / LANES)],
      source: () => `
        fn run(group: vec3<u32>, local: vec3<u32>, index: u32) {
          let at = i32(group.x) * ${LANES} + i32(index);
          if (at >= uniforms.size) { return; }
          let w = param[at];
          let g = gradient[at] + w * uniforms.decay;
          let m = mean[at] * uniforms.beta1 + g * uniforms.fresh1;
          let v = square[at] * uniforms.beta2 + g * g * uniforms.fresh2;
          newMean[at] = m;
          newSquare[at] = v;
          next[at] = w * scalars[2] - m / (sqrt(v) + scalars[1]) * scalars[0];
        }`,
    });
    return [next, newMean, newSquare];
  },
);
