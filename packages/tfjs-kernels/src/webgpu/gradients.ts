import { engine, type GradConfig, getGradient, registerGradient, type Tensor4D } from "@tensorflow/tfjs-core";

import { CONV2D_BIAS, CONV2D_BIAS_GRAD } from "../contract.ts";

/** Gradients of our own kernels that tfjs-core is to call; those of the others are called by the layers. */
const gradients: readonly GradConfig[] = [
  {
    kernelName: CONV2D_BIAS,
    inputsToSave: ["x", "filter"],
    gradFunc: (dy, saved, attrs) => {
      const [x, filter] = saved as [Tensor4D, Tensor4D];
      const given = { ...attrs, dimRoundingMode: attrs.dimRoundingMode };
      const run = (name: string, inputs: object, more: object): unknown =>
        engine().runKernel(name, inputs as never, { ...given, ...more } as never);
      const ofWeights = { filterShape: filter.shape };
      const [ofFilter, ofBias] = run(CONV2D_BIAS_GRAD, { x, dy }, ofWeights) as [Tensor4D, Tensor4D];
      return {
        x: () => run("Conv2DBackpropInput", { dy, filter }, { inputShape: x.shape }) as Tensor4D,
        filter: () => ofFilter,
        bias: () => ofBias,
      };
    },
  },
];

/** Registers the gradients, again without effect. */
export function registerGradients(): void {
  for (const gradient of gradients) if (!getGradient(gradient.kernelName)) registerGradient(gradient);
}
