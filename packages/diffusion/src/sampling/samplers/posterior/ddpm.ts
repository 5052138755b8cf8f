import { fail, type Plugin, type Sampler } from "@ddpm/core";
import { noSignal } from "@ddpm/core/authoring";
import type { Tensor } from "@tensorflow/tfjs-core";
import * as tf from "@tensorflow/tfjs-core";
import * as z from "zod";
import { plugin } from "../../../plugin.ts";
import { posteriorOf } from "../../../process/posterior.ts";
import { combine, type Term } from "../../arithmetic/combine.ts";
import { epsTerms, predict } from "../../prediction.ts";

const variances = ["fixed-small", "fixed-large", "learned", "learned-log", "learned-range"] as const;

/** Options of {@link ddpm}. */
export interface DdpmOptions {
  /**
   * Variance of the noise put back: β̃ (fixed-small: right when x_0 is known) or β (fixed-large: right when x_0 is
   * N(0, I)); what the network returns as the variance (learned), as its logarithm (learned-log), or as a place in
   * −1 … 1 between ln β̃ and ln β (learned-range). "fixed-small".
   */
  readonly variance?: (typeof variances)[number] | undefined;
  /**
   * What the mean is computed from: the clean image, clipped or not, or the noise (algorithm 2, line 4), which loses
   * less to rounding where steps are small and nothing is clipped; "x0". Where no signal is left it is always the image.
   */
  readonly mean?: "x0" | "eps" | undefined;
  /**
   * With "fixed-small", the deviation of the noise on the way from √β̃ (0) to √β (1), in equal parts (Luo & Hu 2021);
   * 0 when left out.
   */
  readonly flexibility?: number | undefined;
  /**
   * Put noise into the final images too, as labml's `p_sample` does, and diffusers where the last step is not step 0;
   * not with fixed-small, whose variance is 0 there; false.
   */
  readonly lastNoise?: boolean | undefined;
}

/** exp(½ · log-variance) for what the network returned. */
function learnedDeviation(kind: string, variance: Tensor | undefined, small: number, large: number): Tensor {
  if (!variance) {
    fail("diffusion/ddpm", `variance "${kind}" needs a network that learns variances.`, "Take fixed-small.");
  }
  if (kind === "learned") return tf.sqrt(variance);
  if (kind === "learned-log") return tf.exp(tf.mul(variance, tf.scalar(0.5)));
  const [low, high] = [Math.log(Math.max(small, 1e-20)), Math.log(large)];
  return tf.exp(tf.add(tf.mul(variance, tf.scalar((high - low) / 4)), tf.scalar((high + low) / 4)));
}

/** The variance whose deviation is that far on the way from the smaller one's to the larger one's. */
function flexible(small: number, large: number, share: number): number {
  return share === 0 ? small : (Math.sqrt(small) * (1 - share) + Math.sqrt(large) * share) ** 2;
}

/**
 * Ancestral sampling: the mean of q(x_s | x_t, x̂_0), and noise. On neighbouring steps of a chain the numbers are
 * those of its betas; longer steps are the respaced chain. A classifier's push moves the last step's mean too; where β̃
 * is 0 there, that of the step before stands in for it in the variances that are not fixed-small, as in guided-diffusion.
 *
 * Source: Ho et al. 2020, algorithm 2, eq. 7 and section 3.2; learned variances Nichol and Dhariwal 2021, eq. 15; for
 * any two levels Kingma et al. 2021, eq. 26–29.
 */
export const ddpm: Plugin<DdpmOptions, Sampler> = plugin({
  name: "ddpm",
  about: "Ancestral sampling of DDPM: the posterior mean, plus noise.",
  source: "Ho et al. 2020, algorithm 2 and eq. 7; Nichol and Dhariwal 2021, eq. 15",
  options: {
    variance: z.enum(variances).default("fixed-small").describe("variance of the noise: β̃, β, or learned"),
    mean: z.enum(["x0", "eps"]).default("x0").describe("work the mean out from the clean image or the noise"),
    flexibility: z
      .number()
      .min(0)
      .max(1)
      .optional()
      .describe("with fixed-small: deviation of the noise between √β̃ (0, when left out) and √β (1)"),
    lastNoise: z
      .boolean()
      .default(false)
      .describe("put noise into the final images too (not with fixed-small)"),
  },
  create({ variance: kind, mean: route, flexibility = 0, lastNoise }) {
    if (lastNoise && kind === "fixed-small")
      fail("diffusion/ddpm", 'lastNoise does not go with "fixed-small", which has none there.');
    if (flexibility > 0 && kind !== "fixed-small")
      fail(
        "diffusion/ddpm",
        `flexibility is ${flexibility}, but the variance is ${kind}.`,
        "Take fixed-small.",
      );
    return {
      name: "ddpm",
      order: 0,
      step({ x, from, to, denoise, schedule, noise, memo }) {
        if (!(from.t > to.t)) fail("diffusion/ddpm", `asked to go from t = ${from.t} up to ${to.t}.`);
        const prediction = predict(x, from, denoise);
        const { keep, pull, beta, variance } = posteriorOf(from, to, schedule);
        const small = flexible(variance, beta, flexibility);
        const share = pull / from.alpha;
        const mean: readonly Term[] =
          route === "x0" || noSignal(from)
            ? [
                [keep, x],
                [pull, prediction.x0],
              ]
            : [[keep + share, x], ...epsTerms(prediction, -share * from.sigma)];
        const quiet = to.sigma === 0 && !lastNoise;
        if (quiet && !prediction.push) return { x: combine(...mean), prediction };
        const before = quiet ? ((memo as number | undefined) ?? 0) : small;
        if (kind === "fixed-small" || kind === "fixed-large") {
          const fixed = kind === "fixed-small" ? small : quiet ? before : beta;
          const pushed: Term[] = prediction.push ? [[fixed, prediction.push]] : [];
          const fresh: Term[] = quiet ? [] : [[Math.sqrt(fixed), noise()]];
          return { x: combine(...mean, ...fresh, ...pushed), prediction, memo: small };
        }
        const deviation = learnedDeviation(kind, prediction.variance, before, beta);
        const still = combine(...mean);
        const moved = prediction.push ? tf.add(still, tf.mul(tf.square(deviation), prediction.push)) : still;
        const next = quiet ? moved : tf.add(moved, tf.mul(deviation, noise()));
        return { x: next, prediction, memo: small };
      },
    };
  },
});
