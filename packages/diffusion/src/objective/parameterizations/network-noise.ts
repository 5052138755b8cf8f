import { fail, type Moment, type NoiseSchedule, stepOfTime } from "@ddpm/core";
import * as z from "zod";

/** How a network receives the time. */
export interface TimeInput {
  /**
   * The network's time input at t = 1 of a schedule without steps: 1000 · t; 999 for the VP networks of score SDE and
   * EDM, 1 for k-diffusion's `VDenoiser`. A chain tells the index of its step. 1000.
   */
  readonly timeScale?: number | undefined;
  /** What the network receives of a chain's step: its index, or its β (Luo & Hu 2021). The index when left out. */
  readonly time?: "step" | "beta" | undefined;
}

/** Zod types behind {@link TimeInput}. */
export const timeInputShape: {
  timeScale: z.ZodDefault<z.ZodNumber>;
  time: z.ZodOptional<z.ZodEnum<{ step: "step"; beta: "beta" }>>;
} = {
  timeScale: z
    .number()
    .positive()
    .default(1000)
    .describe("the network's time input at t = 1 of a schedule without steps"),
  time: z
    .enum(["step", "beta"])
    .optional()
    .describe(
      "the network's time input on a chain of steps: the step's index, or its β; the index when left out",
    ),
};

/**
 * The time input of networks of the DDPM family: the step index of a discrete chain or its β, which is 0 for clean data; timeScale · t elsewhere.
 *
 * @throws DdpmError for β of a schedule without steps, or between steps
 */
export function networkNoise(
  { t }: Moment,
  { steps, betas, name }: NoiseSchedule,
  { timeScale = 1000, time = "step" }: TimeInput,
): number {
  if (steps === undefined) {
    if (time === "step") return timeScale * t;
    return fail("diffusion/network-noise", `${name} has no steps, and so no β.`, "Take a table of betas.");
  }
  const step = stepOfTime(t, steps);
  if (time === "step") return step;
  if (step === -1) return 0;
  return betas?.[step] ?? fail("diffusion/network-noise", `t = ${t} of ${name} is no step of its chain.`);
}
