import { type Moment, type NoiseSchedule, stepOfTime } from "@ddpm/core";
import { z } from "zod";

/** What a network is told about time. */
export interface TimeInput {
  /**
   * What the network is told at t = 1 of a schedule without steps: 1000 · t; 999 for the VP networks of score SDE and
   * EDM, 1 for k-diffusion's `VDenoiser`. A chain tells the index of its step. 1000.
   */
  readonly timeScale?: number | undefined;
}

/** Zod types behind {@link TimeInput}. */
export const toldTimeShape: { timeScale: z.ZodDefault<z.ZodNumber> } = {
  timeScale: z.number().positive().default(1000).describe("what the network is told at t = 1, without steps"),
};

/** What networks of the DDPM family are told: the step index of a discrete chain, timeScale · t elsewhere. */
export function networkNoise({ t }: Moment, { steps }: NoiseSchedule, timeScale: number): number {
  return steps === undefined ? timeScale * t : stepOfTime(t, steps);
}
