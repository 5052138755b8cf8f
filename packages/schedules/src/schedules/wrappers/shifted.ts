import { fail, halfLogSnr, type NoiseSchedule, option, type Plugin, timeAtHalfLogSnr } from "@ddpm/core";
import { betasOfTable } from "../../chain/abar-betas.ts";
import { betaTable } from "../../chain/beta-table.ts";
import { levelOfLambda } from "../../chain/interpolate.ts";
import { plugin } from "../../plugin.ts";
import { baseOf, type Wrapped, wrappedShape } from "./wrapped.ts";

/** Options of {@link shifted}. */
export interface ShiftedOptions {
  /** A variance preserving schedule, or what to make it from; `log-snr-cosine`. */
  readonly of?: Wrapped | undefined;
  /** Width of the images, in pixels. */
  readonly imageSize: number;
  /** Width of the images that the schedule was made for, in pixels; 64. */
  readonly noiseSize?: number | undefined;
  /** That width at t = 1, where it is another: the shift then runs straight from `noiseSize` to this. */
  readonly noiseSizeEnd?: number | undefined;
}

/**
 * Another schedule with more noise for larger images: log-SNR is lowered by 2 ln(imageSize / noiseSize), since averaging
 * n × n pixels leaves 1 / n of the noise.
 *
 * Source: Hoogeboom et al. 2023 (simple diffusion), eqs. 3–4; denoising-diffusion-pytorch `logsnr_schedule_shifted`,
 * `logsnr_schedule_interpolated`. For straight paths the option `shift` of `rectified` does the same.
 */
export const shifted: Plugin<ShiftedOptions, NoiseSchedule> = plugin({
  name: "shifted",
  about: "Another schedule with more noise for larger images.",
  source: "Hoogeboom et al. 2023 (simple diffusion), eqs. 3 and 4",
  options: {
    of: wrappedShape.default("log-snr-cosine").describe("the schedule to shift; it must preserve variance"),
    imageSize: option.number().positive().describe("width of the images, in pixels"),
    noiseSize: option.number().positive().default(64).describe("width that the schedule was made for"),
    noiseSizeEnd: option.number().positive().optional().describe("that width at t = 1, where it is another"),
  },
  create({ of, imageSize, noiseSize, noiseSizeEnd }) {
    const base = baseOf(of);
    const half = base.at(0.5);
    if (Math.abs(half.alpha ** 2 + half.sigma ** 2 - 1) > 1e-9) {
      fail(
        "schedules/shifted",
        `schedule ${base.name} does not preserve variance.`,
        "Shift rectified by its option.",
      );
    }
    const start = Math.log(noiseSize / imageSize);
    const end = noiseSizeEnd === undefined ? start : Math.log(noiseSizeEnd / imageSize);
    const at = (t: number) => {
      if (t === 0) return base.at(0);
      return levelOfLambda(halfLogSnr(base.at(t)) + (1 - t) * start + t * end);
    };
    if (base.steps !== undefined) {
      const { steps } = base;
      const abar = Float64Array.from({ length: steps }, (_, i) => at((i + 1) / steps).alpha ** 2);
      return betaTable("shifted", betasOfTable(abar));
    }
    if (start !== end) return { name: "shifted", at };
    return { name: "shifted", at, timeAt: (lambda) => timeAtHalfLogSnr(base, lambda - start) };
  },
});
