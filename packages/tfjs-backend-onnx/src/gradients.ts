import {
  div,
  fill,
  type GradFunc,
  getGradient,
  mul,
  type NamedAttrMap,
  registerGradient,
  reshape,
  type Tensor,
  unregisterGradient,
  util,
} from "@tensorflow/tfjs-core";

/**
 * Gradients of sums and means whose ones are recorded.
 *
 * TensorFlow.js fills a tensor of ones on the host, one number per element of what was summed; a recorded fill stays one
 * number until somebody needs all of it. Gradients belong to all backends: these give the same values on each of them.
 */
export function registerLazyGradients(): void {
  replace("Sum", (dy, [x], attributes) => ({ x: () => spread(dy as Tensor, x!, attributes) }));
  replace("Mean", (dy, [x], attributes) => ({
    x: () => div(spread(dy as Tensor, x!, attributes), x!.size / Math.max(1, (dy as Tensor).size)),
  }));
}

function replace(kernelName: string, gradFunc: GradFunc): void {
  if (getGradient(kernelName)) unregisterGradient(kernelName);
  registerGradient({ kernelName, inputsToSave: ["x"], gradFunc });
}

/** dy with the summed axes back, repeated along them. */
function spread(dy: Tensor, x: Tensor, attributes: NamedAttrMap): Tensor {
  const axis = (attributes.axis as number | number[] | null | undefined) ?? x.shape.map((_, i) => i);
  const axes = util.parseAxisParam(axis, x.shape);
  const shape = x.shape.map((size, i) => (axes.includes(i) ? 1 : size));
  return mul(reshape(dy, shape), fill(x.shape as [number], 1, "float32"));
}
