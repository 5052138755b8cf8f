import {
  type CompileStep,
  type Condition,
  type Denoise,
  type Denoised,
  type Denoiser,
  fail,
  INFERENCE,
  type NoiseLevel,
  type NoiseSchedule,
  type Parameterization,
  type Params,
} from "@ddpm/core";
import type { Preconditioning } from "@ddpm/core/authoring";
import * as tf from "@tensorflow/tfjs-core";
import { mixed, networkOutput } from "../objective/network-output.ts";

/** What changes from network call to network call: the inputs of the step that {@link denoiseWith} compiles. */
export interface DenoiseInputs {
  /** Noisy samples, [B, …, C]. */
  readonly x: tf.Tensor;
  readonly skip: tf.Tensor1D;
  readonly out: tf.Tensor1D;
  readonly in: tf.Tensor1D;
  readonly noise: tf.Tensor1D;
  /** What the noise prediction is made of, as x̂_0 is of `skip` and `out`. */
  readonly epsSkip: tf.Tensor1D;
  readonly epsOut: tf.Tensor1D;
  /** The last prediction of x_0, [B, …, C], for a network that conditions on itself. */
  readonly guess?: tf.Tensor;
}

/** What makes a {@link Denoise} of a network. */
export interface DenoiseOptions {
  readonly denoiser: Denoiser;
  /** The weights to use: trained ones, or their average. */
  readonly params: Params;
  readonly parameterization: Parameterization;
  readonly schedule: NoiseSchedule;
  /** Labels, images and the like for every sample of the batch; their owner is the caller. */
  readonly condition?: Condition;
  /** How a backend runs the network call: {@link DenoiseInputs} are all that changes. Called once. */
  readonly compile?: CompileStep;
}

/**
 * x̂_0 = skip · x + out · F(in · x, noise), with the network in inference mode (Karras et al. 2022, eq. 7), and the noise
 * prediction (x − alpha · x̂_0) / sigma from the same F: computed from x̂_0 it would cancel where there is little noise.
 *
 * @returns a function for {@link sample}; `variance` is there where the network learns it, `eps` where sigma > 0
 * @throws DdpmError from that function, where the parameterization is not defined
 */
export function denoiseWith(options: DenoiseOptions): Denoise {
  const { parameterization, schedule, compile } = options;
  const step = denoiseStep(options);
  const call = compile ? compile(step) : step;
  return (x, at, guess) => {
    const column = (value: number) => tf.tensor1d(new Float32Array(x.shape[0]!).fill(value));
    const meaning = parameterization.at(at, schedule);
    if (![meaning.skip, meaning.out, meaning.in, meaning.noise].every(Number.isFinite)) {
      fail(
        "diffusion/denoise-with",
        `a network that predicts ${parameterization.name} has no prediction at t = ${at.t} of ${schedule.name}.`,
        "Take times above 0 and below 1.",
      );
    }
    const numbers = denoiseColumns(meaning, at);
    const columns = {
      skip: column(numbers.skip),
      out: column(numbers.out),
      in: column(numbers.in),
      noise: column(numbers.noise),
      epsSkip: column(numbers.epsSkip),
      epsOut: column(numbers.epsOut),
    };
    const found = call({ x, ...columns, ...(guess ? { guess } : {}) });
    if (at.sigma > 0) return found;
    const { eps: _, ...rest } = found;
    return rest;
  };
}

/** The network call of {@link denoiseWith} as a pure step. */
export function denoiseStep({
  denoiser,
  params,
  condition = {},
}: Pick<DenoiseOptions, "denoiser" | "params" | "condition">): (inputs: DenoiseInputs) => Denoised {
  return (inputs) => {
    const { x, skip, out, epsSkip, epsOut, guess } = inputs;
    const conditioned = guess ? { ...condition, guess } : condition;
    const output = networkOutput(denoiser, params, x, inputs, conditioned, INFERENCE);
    const { variance } = output;
    return {
      x0: mixed(output, x, skip, out),
      eps: mixed(output, x, epsSkip, epsOut),
      ...(variance ? { variance } : {}),
    };
  };
}

/** The numbers behind the columns of {@link DenoiseInputs} at a noise level; those of the noise are 0 where there is none. */
export function denoiseColumns(
  { skip, out, noise, in: scale }: Preconditioning,
  { alpha, sigma }: NoiseLevel,
): Readonly<Record<Exclude<keyof DenoiseInputs, "x" | "guess">, number>> {
  const clean = sigma === 0;
  return {
    skip,
    out,
    in: scale,
    noise,
    epsSkip: clean ? 0 : (1 - alpha * skip) / sigma,
    epsOut: clean ? 0 : (-alpha * out) / sigma,
  };
}
