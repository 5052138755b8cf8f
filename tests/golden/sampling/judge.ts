import * as tf from "@tensorflow/tfjs-core";
import type { DenoiseWrapper, Random } from "../../../packages/core/src/index.ts";
import { errorOf } from "../result.ts";
import type { SamplingCase } from "./file.ts";

/** Whether a case's reference worked in float64, so that the file says nothing about the noise of float32. */
export function isDouble({ trajectory_dtype: type }: SamplingCase): boolean {
  return type?.startsWith("float64") ?? false;
}

/** Every number that a network sees and returns, one unit of float32 up or down: what rounding does to them. */
export function rounded(random: Random): DenoiseWrapper {
  const moved = (tensor: tf.Tensor4D): tf.Tensor4D => {
    const signs = random.uniforms(tensor.size).map((value) => 1 + (value < 0.5 ? -1 : 1) * 2 ** -23);
    return tf.mul(tensor, tf.tensor4d(signs, tensor.shape)) as tf.Tensor4D;
  };
  return (denoise) => (x, at, guess) => {
    const { x0, eps, ...rest } = denoise(moved(x), at, guess);
    return { ...rest, x0: moved(x0), ...(eps ? { eps: moved(eps) } : {}) };
  };
}

/** The largest number of a state where it is above 1, else 1. */
function sizeOf(state: ArrayLike<number>): number {
  return Array.from(state).reduce((most, value) => Math.max(most, Math.abs(value)), 1);
}

/** How far two walks are apart, as a share of the size of their states. */
export function apartBy(ours: readonly ArrayLike<number>[], theirs: readonly ArrayLike<number>[]): number {
  return Math.max(...ours.map((state, i) => errorOf(theirs[i]!, state, { abs: sizeOf(state) })));
}

/**
 * The worst error of states against a case's trajectory, in units of what is allowed: 1e-6 and four times the
 * noise of float32, both times the largest number of the state where that is above 1.
 *
 * @param states as many as the trajectory has, flat [B, C, H, W]
 * @param noise  that noise: the reference's own, or measured by {@link apartBy} where the reference worked in float64
 */
export function judge(
  { trajectory }: SamplingCase,
  states: readonly ArrayLike<number>[],
  noise: number,
): number {
  if (states.length !== trajectory.length) {
    throw new Error(`${states.length} states, and the reference stores ${trajectory.length}`);
  }
  return apartBy(trajectory, states) / (1e-6 + 4 * noise);
}
