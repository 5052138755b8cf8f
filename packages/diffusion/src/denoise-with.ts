import {
  type Condition,
  type Denoise,
  type Denoised,
  type Denoiser,
  fail,
  INFERENCE,
  type NoiseSchedule,
  type Parameterization,
  type Params,
} from "@ddpm/core";
import * as tf from "@tensorflow/tfjs-core";
import { meanChannels, varianceChannels } from "./batch-loss.ts";
import { perImage } from "./diffuse.ts";

/** A pure function of tensors, the same names and shapes every time. */
export type TensorFunction = (
  inputs: Readonly<Record<string, tf.Tensor>>,
) => Readonly<Record<string, tf.Tensor>>;

/** What makes a {@link Denoise} of a network. */
export interface DenoiseOptions {
  readonly denoiser: Denoiser;
  /** The weights to use: trained ones, or their average. */
  readonly params: Params;
  readonly parameterization: Parameterization;
  readonly schedule: NoiseSchedule;
  /** Labels or images to go by, for every image of the batch; their owner is the caller. */
  readonly condition?: Condition;
  /**
   * How a backend runs the network call: it may record the first and replay it, since `x` [B, H, W, C] and the columns
   * `noise`, `in`, `skip`, `out`, `epsSkip`, `epsOut`, [B] each, and `guess` [B, H, W, C] of a self-conditioned network, are all that changes.
   * Called once.
   */
  readonly compile?: (call: TensorFunction) => TensorFunction;
}

/**
 * x̂_0 = skip · x + out · F(in · x, noise), with the network in inference mode (Karras et al. 2022, eq. 7), and the noise
 * guess (x − alpha · x̂_0) / sigma from the same F: worked out of x̂_0 it would cancel where there is little noise.
 *
 * @returns a function to pass to {@link sample}; `variance` is there where the network learns it, `eps` where sigma > 0
 * @throws DdpmError from that function, where the parameterization is not defined
 */
export function denoiseWith(options: DenoiseOptions): Denoise {
  const { denoiser, params, parameterization, schedule, condition = {}, compile } = options;
  const network: TensorFunction = (inputs) => {
    const x = inputs.x as tf.Tensor4D;
    const column = (name: string) => perImage(inputs[name] as tf.Tensor1D, x);
    const scaled = tf.mul(x, column("in")) as tf.Tensor4D;
    const told = inputs.guess ? { ...condition, guess: inputs.guess as tf.Tensor4D } : condition;
    const output = denoiser.apply(params, scaled, inputs.noise as tf.Tensor1D, told, INFERENCE);
    const variance = varianceChannels(denoiser, output);
    const f = meanChannels(denoiser, output);
    const mix = (keep: string, gain: string) => tf.add(tf.mul(column(keep), x), tf.mul(column(gain), f));
    return { x0: mix("skip", "out"), eps: mix("epsSkip", "epsOut"), ...(variance ? { variance } : {}) };
  };
  const call = compile ? compile(network) : network;
  return (x, at, guess) => {
    const { skip, out, noise, in: scale } = parameterization.at(at, schedule);
    const clean = at.sigma === 0;
    if (![skip, out, scale, noise].every(Number.isFinite)) {
      fail(
        "diffusion/denoise-with",
        `a network that returns ${parameterization.name} has no guess at t = ${at.t} of ${schedule.name}.`,
        "Take times above 0 and below 1.",
      );
    }
    const column = (value: number) => tf.tensor1d(new Float32Array(x.shape[0]).fill(value));
    const columns = {
      skip: column(skip),
      out: column(out),
      in: column(scale),
      noise: column(noise),
      epsSkip: column(clean ? 0 : (1 - at.alpha * skip) / at.sigma),
      epsOut: column(clean ? 0 : (-at.alpha * out) / at.sigma),
    };
    const found = call({ x, ...columns, ...(guess ? { guess } : {}) }) as unknown as Denoised;
    if (!clean) return found;
    const { eps: _, ...rest } = found;
    return rest;
  };
}
