import { fail, type NoiseSchedule, option, type Plugin } from "@ddpm/core";
import { plugin } from "../../plugin.ts";

/** Options of {@link vp}. */
export interface VpOptions {
  /** β(0); 0.1. */
  readonly betaMin?: number | undefined;
  /** β(1); 20. */
  readonly betaMax?: number | undefined;
}

/**
 * The DDPM chain with infinitely many steps: β(t) runs straight, ln alpha = −(β_max − β_min) t² / 4 − β_min t / 2.
 *
 * Source: Song et al. 2021 (score SDE), eq. 32; Karras et al. 2022, table 1.
 */
export const vp: Plugin<VpOptions, NoiseSchedule> = plugin({
  name: "vp",
  about: "Variance preserving in continuous time, with β(t) running straight.",
  source: "Song et al. 2021 (score SDE), eq. 32",
  options: {
    betaMin: option.number().positive().default(0.1).describe("β at t = 0"),
    betaMax: option.number().positive().default(20).describe("β at t = 1"),
  },
  create({ betaMin, betaMax }) {
    if (!(betaMin < betaMax)) fail("schedules/vp", `betaMin ${betaMin} is not below betaMax ${betaMax}.`);
    const grow = betaMax - betaMin;
    return {
      name: "vp",
      at(t) {
        if (!(t >= 0 && t <= 1)) fail("schedules/vp", `time ${t} given, expected a number in [0, 1].`);
        const integral = (grow * t * t) / 2 + betaMin * t;
        return { alpha: Math.exp(-integral / 2), sigma: Math.sqrt(-Math.expm1(-integral)) };
      },
      timeAt(lambda) {
        // ln(1 + e^−2λ), without overflow for a very negative λ.
        const integral = Math.max(-2 * lambda, 0) + Math.log1p(Math.exp(-2 * Math.abs(lambda)));
        return Math.min((2 * integral) / (betaMin + Math.sqrt(betaMin ** 2 + 2 * grow * integral)), 1);
      },
    };
  },
});
