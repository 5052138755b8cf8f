import {
  halfLogSnr,
  type Moment,
  momentAt,
  type NoiseLevel,
  type NoiseSchedule,
  timeAtHalfLogSnr,
} from "@ddpm/core";

/**
 * The moment of a schedule a share of the way from one level to another in half-log-SNR: at ½ its sigma / alpha is
 * their geometric mean.
 *
 * @param share 0 … 1
 */
export function momentBetween(
  schedule: NoiseSchedule,
  from: NoiseLevel,
  to: NoiseLevel,
  share: number,
): Moment {
  const [start, end] = [halfLogSnr(from), halfLogSnr(to)];
  return momentAt(schedule, timeAtHalfLogSnr(schedule, start + share * (end - start)));
}
