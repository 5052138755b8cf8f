import { fail, type NoiseSchedule, option, type Plugin } from "@ddpm/core";
import { betasOfAbar } from "../../chain/abar-betas.ts";
import { betaTable } from "../../chain/beta-table.ts";
import { beta, type TableOptions, tableShape } from "../../chain/options.ts";
import { sigmoid as logistic } from "../../numbers/sigmoid.ts";
import { plugin } from "../../plugin.ts";

/** Options of {@link sigmoid}. */
export interface SigmoidOptions extends TableOptions {
  /** Argument of the sigmoid at t = 0; −3. */
  readonly start?: number | undefined;
  /** Argument of the sigmoid at t = 1; 3. */
  readonly end?: number | undefined;
  /** Temperature: both ends are divided by it; 1. Smaller is steeper, for larger images. */
  readonly tau?: number | undefined;
  /** Betas above are cut to this; 0.999. */
  readonly maxBeta?: number | undefined;
  /** Round the sigmoid's two end values to float32, as denoising-diffusion-pytorch does; false. */
  readonly float32Ends?: boolean | undefined;
}

/** 1 / (1 + e^−x), rounded to float32 after every operation. */
function logistic32(x: number): number {
  return Math.fround(1 / Math.fround(1 + Math.fround(Math.exp(-Math.fround(x)))));
}

/**
 * ᾱ(t) falls as a sigmoid from 1 to 0.
 *
 * Source: Jabri et al. 2022, figure 8; Chen 2023 (tau); denoising-diffusion-pytorch's default.
 */
export const sigmoid: Plugin<SigmoidOptions, NoiseSchedule> = plugin({
  name: "sigmoid",
  about: "ᾱ falls as a sigmoid; tau makes it steeper for larger images.",
  source: "Jabri et al. 2022, figure 8; denoising-diffusion-pytorch sigmoid_beta_schedule",
  options: {
    ...tableShape,
    start: option.number().default(-3).describe("argument of the sigmoid at t = 0"),
    end: option.number().default(3).describe("argument of the sigmoid at t = 1"),
    tau: option.number().positive().default(1).describe("temperature; smaller is steeper"),
    maxBeta: beta().default(0.999).describe("betas above are cut to this"),
    float32Ends: option.boolean().default(false).describe("round the sigmoid's end values to float32"),
  },
  create({ steps, start, end, tau, maxBeta, float32Ends, interpolate }) {
    if (!(start < end)) fail("schedules/sigmoid", `start ${start} is not below end ${end}.`);
    const atEnd = float32Ends ? logistic32 : logistic;
    const first = atEnd(start / tau);
    const last = atEnd(end / tau);
    if (!(first < last)) {
      fail(
        "schedules/sigmoid",
        `the sigmoid is flat from start ${start} to end ${end} at tau ${tau}.`,
        "Move an end towards 0, or raise tau.",
      );
    }
    const abar = (t: number) => (last - logistic((t * (end - start) + start) / tau)) / (last - first);
    const { betas, clipped } = betasOfAbar(abar, steps, { min: 0, max: maxBeta });
    return betaTable("sigmoid", betas, { clipped, interpolate });
  },
});
