import * as tf from "@tensorflow/tfjs-core";
import { type DenoiseWrapper, type Random, stepOfTime } from "../../../packages/core/src/index.ts";
import { errorOf, isRecord } from "../result.ts";
import type { SamplingCase } from "./file.ts";
import type { Trace } from "./trace.ts";

/** A few units of float32 next to the largest number of a state, as a share of it: no case is allowed less. */
export const LEAST_NOISE = 7.5e-7;

/**
 * How far the reference's float32 is from its own float64, as a share of the size of its states; undefined where the
 * reference worked in float64 itself, or says nothing.
 */
export function statedNoise(golden: SamplingCase): number | undefined {
  const { trajectory_dtype: type, max_rel_dev_float64: rel, max_abs_dev_float64: abs } = golden;
  if (type?.startsWith("float64")) return undefined;
  return rel ?? abs;
}

/** Every number that a network sees and returns, one unit of float32 up or down: what rounding does to them. */
export function rounded(random: Random): DenoiseWrapper {
  const moved = (tensor: tf.Tensor): tf.Tensor => {
    const signs = random.uniforms(tensor.size).map((value) => 1 + (value < 0.5 ? -1 : 1) * 2 ** -23);
    return tf.mul(tensor, tf.tensor(signs, tensor.shape));
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

/** The distance of two lists of states, as a share of the size of the states of the first. */
export function distanceOf(ours: readonly ArrayLike<number>[], theirs: readonly ArrayLike<number>[]): number {
  return Math.max(...ours.map((state, i) => errorOf(theirs[i]!, state, { abs: sizeOf(state) })));
}

/** What a sampling run gave. */
export interface Found {
  readonly trace: Trace;
  /** T, where the schedule is a chain. */
  readonly steps: number | undefined;
}

type Compare = (golden: SamplingCase, found: Found) => number;

/** Ladders of sigmas, of which EDM's iDDPM one comes from float32 products: as in `edm_discretisation`. */
const LEVELS = { abs: 6e-6, rel: 4e-6 };

/** What a case may store next to its states. */
const comparisons: Readonly<Record<string, Compare>> = {
  sigma_of_each_network_call: ({ sigma_of_each_network_call: wanted }, { trace }) =>
    errorOf(trace.levels, wanted!, LEVELS),
  model_t({ model_t: wanted, config }, { trace, steps }) {
    const scale = config?.rescale_timesteps === true ? 1000 / steps! : 1;
    return errorOf(
      trace.times.map((t) => stepOfTime(t, steps!) * scale),
      wanted!,
      { abs: 1e-6, rel: 1e-6 },
    );
  },
  info({ info }, { trace }) {
    if (!isRecord(info)) throw new Error("info is no object");
    const { steps, nfe } = info as Record<string, number>;
    return errorOf([trace.steps.length, trace.calls.length], [steps!, nfe!], {});
  },
};

/** Members of a case that {@link errorOfStates} compares. */
export const compared: readonly string[] = ["trajectory", "final_float64", ...Object.keys(comparisons)];

/**
 * The worst error of states against a case's trajectory and its last state in float64, in units of what is allowed: 1e-6
 * and four times the noise of float32, both times the largest number of the state where that is above 1; and of the other
 * numbers that the case stores.
 *
 * @param states one for each of the trajectory's, flat [B, C, H, W]
 * @param noise  that noise: the reference's own, or measured by {@link distanceOf}
 */
export function errorOfStates(
  golden: SamplingCase,
  states: readonly ArrayLike<number>[],
  noise: number,
  found: Found,
): number {
  const { trajectory, final_float64: final } = golden;
  if (!Array.isArray(trajectory) || trajectory.length === 0) throw new Error("the case stores no trajectory");
  if (states.length !== trajectory.length) {
    throw new Error(`${states.length} states, and the reference stores ${trajectory.length}`);
  }
  const allowed = 1e-6 + 4 * noise;
  const others = Object.entries(comparisons).flatMap(([name, compare]) =>
    golden[name] === undefined ? [] : [compare(golden, found)],
  );
  return Math.max(
    distanceOf(trajectory, states) / allowed,
    final === undefined ? 0 : distanceOf([final], [states.at(-1)!]) / allowed,
    ...others,
  );
}
