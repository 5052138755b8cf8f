import type { Random } from "@ddpm/core";

/** First values of one parameter, row-major, from its own random stream. */
export type Initialiser = (random: Random, count: number) => Float32Array;

/** Numbers that flow into and out of one output number of a layer. */
export interface Fans {
  readonly fanIn: number;
  readonly fanOut: number;
}

/** How a layer with a kernel and a bias starts. */
export interface KernelInit {
  kernel(fans: Fans): Initialiser;
  bias(fans: Fans): Initialiser;
}

export const zeros: Initialiser = (_random, count) => new Float32Array(count);

export const ones: Initialiser = (_random, count) => new Float32Array(count).fill(1);

/** Normal numbers with that standard deviation; 1 is PyTorch's default for embeddings. */
export const normal =
  (deviation = 1): Initialiser =>
  (random, count) =>
    random.normals(count).map((value) => value * deviation);

/** Uniform in [−bound, bound). */
export const uniform =
  (bound: number): Initialiser =>
  (random, count) =>
    random.uniforms(count).map((value) => (2 * value - 1) * bound);

/** The same values for every seed, e.g. a fixed table. */
export const fixed =
  (values: Float32Array): Initialiser =>
  () =>
    values;

const fanInBound = ({ fanIn }: Fans): Initialiser => uniform(1 / Math.sqrt(fanIn));

/**
 * PyTorch's default for convolutions and dense layers: Kaiming uniform with a = √5, whose bound is
 * 1 / √fanIn, for the kernel and the same bound for the bias. Source: torch.nn.init.kaiming_uniform_.
 */
export const torchInit: KernelInit = { kernel: fanInBound, bias: fanInBound };

/**
 * Variance scaling over the mean of the fans, uniform, bias 0; scale 0 means 1e-10.
 * Source: Ho et al. 2020, hojonathanho/diffusion nn.py `default_init`.
 */
export function hoInit(scale = 1): KernelInit {
  const variance = scale === 0 ? 1e-10 : scale;
  return {
    kernel: ({ fanIn, fanOut }) => uniform(Math.sqrt((3 * variance) / ((fanIn + fanOut) / 2))),
    bias: () => zeros,
  };
}

/** Kernel and bias 0, so that a block starts as the identity (guided-diffusion `zero_module`). */
export const zeroInit: KernelInit = { kernel: () => zeros, bias: () => zeros };
