import type { NoiseSchedule } from "@ddpm/core";

/** Below this time images count as clean where a schedule has no steps. */
const NEARLY_CLEAN = 1e-3;

/**
 * Times from images to their noise, as `ddpm encode` takes them: clean images count as those of the first step, where a
 * network can still tell noise.
 *
 * @param times from noise to 0
 */
export function upwards(times: Float64Array, { steps }: NoiseSchedule): Float64Array {
  const first = steps === undefined ? NEARLY_CLEAN : 1 / steps;
  return Float64Array.from([first, ...times.filter((t) => t > first).reverse()]);
}

/**
 * The last steps of a trajectory, as `ddpm edit` takes them: the share `strength` of them, at least one.
 *
 * @param strength in (0, 1]
 */
export function lastShare(times: Float64Array, strength: number): Float64Array {
  const steps = Math.max(1, Math.round((times.length - 1) * strength));
  return times.slice(-steps - 1);
}
