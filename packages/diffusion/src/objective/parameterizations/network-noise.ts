import { type Moment, type NoiseSchedule, stepOfTime } from "@ddpm/core";
import * as z from "zod";

/** How a network receives the time. */
export interface TimeInput {
  /**
   * The network's time input at t = 1 of a schedule without steps: 1000 · t; 999 for the VP networks of score SDE and
   * EDM, 1 for k-diffusion's `VDenoiser`. A chain tells the index of its step. 1000.
   */
  readonly timeScale?: number | undefined;
}

/** Zod types behind {@link TimeInput}. */
export const timeInputShape: { timeScale: z.ZodDefault<z.ZodNumber> } = {
  timeScale: z
    .number()
    .positive()
    .default(1000)
    .describe("the network's time input at t = 1 of a schedule without steps"),
};

/** The time input of networks of the DDPM family: the step index of a discrete chain, timeScale · t elsewhere. */
export function networkNoise({ t }: Moment, { steps }: NoiseSchedule, timeScale: number): number {
  return steps === undefined ? timeScale * t : stepOfTime(t, steps);
}
