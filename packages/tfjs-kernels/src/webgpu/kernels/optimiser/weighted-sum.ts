import type { TensorInfo } from "@tensorflow/tfjs-core";
import { WEIGHTED_SUM } from "../../../contract.ts";
import { sizeOf } from "../../../size-of.ts";
import { kernel, type WebgpuKernel } from "../../kernel.ts";
import { elementOf, widthOf } from "../../program/element.ts";
import { launch } from "../../program/launch.ts";

interface Inputs {
  readonly a: TensorInfo;
  readonly b: TensorInfo;
  /** Of a and of b, [2]. */
  readonly weights: TensorInfo;
}

const LANES = 256;

/** a · weights[0] + b · weights[1], for tensors of one shape: the step of an average, in one dispatch. */
export const weightedSum: WebgpuKernel = kernel<Inputs, object>(
  WEIGHTED_SUM,
  "new: a step of averaged weights in one dispatch instead of three",
  ({ inputs, backend }) => {
    const { shape } = inputs.a;
    const size = sizeOf(shape);
    const element = elementOf(size);
    const sum = backend.makeTensorInfo(shape, "float32");
    launch(backend, {
      name: WEIGHTED_SUM,
      key: element,
      inputs: { ...inputs },
      outputs: { sum },
      types: { a: element, b: element, sum: element },
      numbers: { size: { i32: size / widthOf(element) } },
      workgroup: [LANES],
      workgroups: [Math.ceil(size / widthOf(element) / LANES)],
      source: () => `
        fn run(group: vec3<u32>, local: vec3<u32>, index: u32) {
          let at = i32(group.x) * ${LANES} + i32(index);
          if (at >= uniforms.size) { return; }
          sum[at] = a[at] * weights[0] + b[at] * weights[1];
        }`,
    });
    return sum;
  },
);
