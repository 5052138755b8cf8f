import { errorOf } from "../result.ts";
import type { SamplingCase } from "./file.ts";

/**
 * The worst error of states against a case's trajectory, in units of what is allowed: 1e-6 and four times the
 * reference's own float32 noise, both times the largest number of the state where that is above 1. A reference that
 * works in float64 has no such noise to measure ours with: there it is 4e-6.
 *
 * @param states as many as the trajectory has, flat [B, C, H, W]
 */
export function judge(golden: SamplingCase, states: readonly ArrayLike<number>[]): number {
  const { trajectory, max_rel_dev_float64: noise } = golden;
  if (states.length !== trajectory.length) {
    throw new Error(`${states.length} states, and the reference stores ${trajectory.length}`);
  }
  const allowed = golden.trajectory_dtype?.startsWith("float64") ? 4e-6 : 1e-6 + 4 * noise;
  const errors = trajectory.map((wanted, i) => {
    const size = Math.max(1, ...wanted.map(Math.abs));
    return errorOf(states[i]!, wanted, { abs: allowed * size });
  });
  return Math.max(...errors);
}
