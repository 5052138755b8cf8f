import type { Denoiser } from "@ddpm/core";
import { type AnySpec, createBuiltIn } from "@ddpm/runs/authoring";
import { denoisers, describe } from "@ddpm/unet";
import { backendAtRest } from "../../backends/current.ts";
import type { Job } from "../../job.ts";

export interface DescribeInput {
  readonly denoiser: AnySpec;
  readonly size: number;
  readonly batch: number;
}

/** What a network costs, before it is made. */
export interface NetworkCost {
  readonly parameters: number;
  readonly multiplyAdds: number;
  /** Weights, their average, moments, gradients, and what a batch keeps for its gradient. */
  readonly trainingBytes: number;
}

/** Weights, their average, two moments and gradients, 4 bytes each. */
const BYTES_PER_PARAMETER = 20;

/** Computes the cost from shapes alone: nothing is allocated. */
export const describeNetwork: Job<DescribeInput, NetworkCost> = async ({ denoiser, size, batch }) => {
  await backendAtRest();
  const { total } = describe(createBuiltIn(denoisers, denoiser), [size, size]);
  return {
    parameters: total.parameters,
    multiplyAdds: total.multiplyAdds,
    trainingBytes: BYTES_PER_PARAMETER * total.parameters + batch * total.trainingBytes,
  };
};

/** Products of one image of the shape [H, W, C] through the network. */
export function multiplyAddsOf(
  denoiser: Denoiser,
  [height, width]: readonly [number, number, number],
): number {
  return describe(denoiser, [height, width]).total.multiplyAdds;
}
