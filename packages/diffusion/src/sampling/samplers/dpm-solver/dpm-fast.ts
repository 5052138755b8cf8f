import { fail, type Plugin, type Sampler } from "@ddpm/core";
import * as z from "zod";
import { plugin } from "../../../plugin.ts";
import { type AncestralOptions, ancestralShape, ancestralStep } from "../../arithmetic/ancestral.ts";
import { combine } from "../../arithmetic/combine.ts";
import { dpmStages } from "../../arithmetic/dpm-stages.ts";
import { edgeStep } from "../../arithmetic/edge-step.ts";
import { moveTo, predict } from "../../prediction.ts";

/** Options of {@link dpmFast}. */
export interface DpmFastOptions extends AncestralOptions {
  /** Network calls of the whole trajectory, over ⌊calls / 3⌋ + 1 steps; three times the steps less one. */
  readonly calls?: number | undefined;
  /** Share of fresh noise, 0 … 1; 0. */
  readonly eta?: number | undefined;
}

/**
 * DPM-Solver-fast: third-order steps, and lower ones at the end so that the calls come out even. Made for times evenly
 * spaced in λ; steps out of alpha = 0 or into sigma = 0 are of first order, and the last one adds no noise.
 *
 * Source: Lu et al. 2022, "DPM-Solver", section 3.4 and appendix D; k-diffusion `sample_dpm_fast`.
 */
export const dpmFast: Plugin<DpmFastOptions, Sampler> = plugin({
  name: "dpm-fast",
  about: "Single-step DPM-Solver of third order, lower at the end: three calls a step.",
  source: "Lu et al. 2022 (DPM-Solver), section 3.4; k-diffusion, sample_dpm_fast",
  options: {
    calls: z.number().int().min(1).optional().describe("network calls of the whole trajectory"),
    ...ancestralShape,
    eta: ancestralShape.eta.default(0),
  },
  create: ({ calls, eta, noiseScale }) => ({
    name: "dpm-fast",
    order: eta > 0 ? 0 : 3,
    calls: 3,
    step({ x, from, to, denoise, schedule, noise, index, count }) {
      const wanted = calls ?? 3 * count;
      if (calls !== undefined && count !== Math.floor(calls / 3) + 1) {
        const steps = Math.floor(calls / 3) + 1;
        fail("diffusion/dpm-fast", `${count} steps given, expected ${steps} for ${calls} calls.`);
      }
      const prediction = predict(x, from, denoise);
      const { down, up } = ancestralStep(from, to, index === count - 1 ? 0 : eta);
      const edge = edgeStep(from, down);
      const stages = edge ? undefined : dpmStages(prediction, down, schedule, denoise);
      const order = calls === undefined ? 3 : orderOf(wanted, index, count);
      const moved = !stages
        ? moveTo(prediction, down)
        : order === 1
          ? stages.first()
          : order === 2
            ? stages.second(0.5)
            : stages.third();
      return { x: up > 0 ? combine([1, moved], [noiseScale * up, noise()]) : moved, prediction };
    },
  }),
});

/** 3, …, 3, 2, 1 when the calls are a multiple of three; else 3, …, 3 and the rest. */
function orderOf(calls: number, index: number, count: number): number {
  const rest = calls % 3;
  if (rest === 0) return Math.min(3, count - index);
  return index === count - 1 ? rest : 3;
}
