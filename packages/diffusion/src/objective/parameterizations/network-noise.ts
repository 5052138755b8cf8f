import { fail, type Moment, type NoiseSchedule, stepOfTime } from "@ddpm/core";
import * as z from "zod";

/** How a network receives the time. */
export interface TimeInput {
  /**
   * What the network's time input is multiplied by where it is no index and no β: t of a schedule without steps, and
   * `signal`. 999 for the VP networks of score SDE and EDM, 1 for k-diffusion's `VDenoiser`, 5000 for WaveGrad. 1000.
   */
  readonly timeScale?: number | undefined;
  /**
   * What the network receives: the index of a chain's step, its β (Luo & Hu 2021), or `signal`, which is √ᾱ of any
   * level (Chen et al. 2020, "WaveGrad"; Saharia et al. 2021, "SR3"). The index when left out.
   */
  readonly time?: "step" | "beta" | "signal" | undefined;
}

/** Zod types behind {@link TimeInput}. */
export const timeInputShape: {
  timeScale: z.ZodDefault<z.ZodNumber>;
  time: z.ZodOptional<z.ZodEnum<{ step: "step"; beta: "beta"; signal: "signal" }>>;
} = {
  timeScale: z
    .number()
    .positive()
    .default(1000)
    .describe("what t of a schedule without steps, or √ᾱ, is multiplied by for the network"),
  time: z
    .enum(["step", "beta", "signal"])
    .optional()
    .describe(
      "the network's time input: the index of a chain's step, its β, or signal, the √ᾱ of any level; the index when left out",
    ),
};

/**
 * The time input of networks of the DDPM family: the step index of a discrete chain or its β, which is 0 for clean
 * data; timeScale · t elsewhere. `signal`: timeScale · alpha of every schedule.
 *
 * @throws DdpmError for β of a schedule without steps, or between steps
 */
export function networkNoise(
  { t, alpha }: Moment,
  { steps, betas, name }: NoiseSchedule,
  { timeScale = 1000, time = "step" }: TimeInput,
): number {
  if (time === "signal") return timeScale * alpha;
  if (steps === undefined) {
    if (time === "step") return timeScale * t;
    return fail("diffusion/network-noise", `${name} has no steps, and so no β.`, "Take a table of betas.");
  }
  const step = stepOfTime(t, steps);
  if (time === "step") return step;
  if (step === -1) return 0;
  return betas?.[step] ?? fail("diffusion/network-noise", `t = ${t} of ${name} is no step of its chain.`);
}
