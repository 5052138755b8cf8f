import { type Moment, type NoiseSchedule, stepOfTime } from "@ddpm/core";

/** What networks of the DDPM family are told: the step index of a discrete chain, 1000 · t elsewhere. */
export function networkNoise({ t }: Moment, { steps }: NoiseSchedule): number {
  return steps === undefined ? 1000 * t : stepOfTime(t, steps);
}
