import { Multiply, Neg, Prelu, Relu, Sub, type TensorInfo } from "@tensorflow/tfjs-core";
import { call, kernel, type WasmKernel } from "../../kernel.ts";

interface Inputs {
  readonly x: TensorInfo;
  readonly alpha: TensorInfo;
}

/** Whether alpha, without leading ones, has the last axes of x: XNNPACK repeats its numbers over those of x in order. */
function repeatsInOrder(x: TensorInfo, alpha: TensorInfo): boolean {
  const first = alpha.shape.findIndex((length) => length > 1);
  const inner = first < 0 ? [] : alpha.shape.slice(first);
  return (
    alpha.shape.length <= x.shape.length && `${x.shape.slice(x.shape.length - inner.length)}` === `${inner}`
  );
}

/** x where it is positive, alpha x elsewhere; both broadcast. */
export const prelu: WasmKernel = kernel<Inputs, object>(
  Prelu,
  "wrong: broadcasts alpha along the first axes only, and x not at all",
  ({ inputs: { x, alpha }, backend, stock }) => {
    if (repeatsInOrder(x, alpha)) return stock();
    const opposite = call(backend, Neg, { x });
    const negative = call(backend, Relu, { x: opposite });
    const scaled = call(backend, Multiply, { a: alpha, b: negative });
    const positive = call(backend, Relu, { x });
    const y = call(backend, Sub, { a: positive, b: scaled });
    for (const { dataId } of [opposite, negative, scaled, positive]) backend.disposeData(dataId);
    return y;
  },
);
