import { AddN, type TensorInfo } from "@tensorflow/tfjs-core";
import { sizeOf } from "../../size-of.ts";
import { kernel, type WebgpuKernel } from "../kernel.ts";
import { elementwise } from "../program/elementwise.ts";

/** Buffers that a shader may bind besides its output. */
const MOST = 7;

/** Sum of tensors of one shape, seven in a dispatch. */
export const addN: WebgpuKernel = kernel<readonly TensorInfo[], object>(
  AddN,
  "wrong: more than seven tensors give zeros",
  ({ inputs, backend, stock }) => {
    const [first] = inputs as [TensorInfo, ...TensorInfo[]];
    const plain = inputs.every(({ dtype }) => dtype === "float32");
    if (inputs.length < 2 || !plain || sizeOf(first.shape) === 0) return stock();
    const output = backend.makeTensorInfo(first.shape, "float32");
    for (let begin = 0; begin < inputs.length; begin += MOST) {
      const some = inputs.slice(begin, begin + MOST);
      const terms = some.map((_, i) => `x${i}[i]`);
      elementwise(backend, {
        name: AddN,
        key: `${begin > 0}`,
        inputs: Object.fromEntries(some.map((x, i) => [`x${i}`, x])),
        output,
        value: [...(begin > 0 ? ["result[i]"] : []), ...terms].join(" + "),
      });
    }
    return output;
  },
);
