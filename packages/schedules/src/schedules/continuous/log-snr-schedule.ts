import { fail, type NoiseLevel, type NoiseSchedule } from "@ddpm/core";
import { CLEAN_BELOW } from "@ddpm/core/authoring";

/** A schedule given by its half-log-SNR. */
export interface LogSnrDefinition {
  readonly name: string;
  /** λ(t) = ln(alpha / sigma), strictly falling on (0, 1], finite as t → 0. */
  lambda(t: number): number;
  /** The level of a half-log-SNR: variance preserving, exploding … */
  level(lambda: number): NoiseLevel;
  /** The inverse of `lambda`, where a closed form exists. */
  time?(lambda: number): number;
}

/**
 * A continuous schedule from λ(t). Published ones keep a little noise as t → 0; here sigma / alpha runs straight to 0 on
 * [0, 1e-12], so that t = 0 is clean and everything from 1e-12 on is as published.
 */
export function logSnrSchedule({ name, lambda, level, time }: LogSnrDefinition): NoiseSchedule {
  const top = lambda(CLEAN_BELOW);
  const bottom = lambda(1);
  const schedule: NoiseSchedule = {
    name,
    at(t) {
      if (!(t >= 0 && t <= 1)) fail(`schedules/${name}`, `time ${t} given, expected a number in [0, 1].`);
      if (t === 0) return { alpha: 1, sigma: 0 };
      return level(t < CLEAN_BELOW ? top - Math.log(t / CLEAN_BELOW) : lambda(t));
    },
  };
  if (!time) return schedule;
  return {
    ...schedule,
    timeAt(given) {
      if (given > top) return CLEAN_BELOW * Math.exp(top - given);
      if (given <= bottom) return 1;
      return Math.min(Math.max(time(given), CLEAN_BELOW), 1);
    },
  };
}
