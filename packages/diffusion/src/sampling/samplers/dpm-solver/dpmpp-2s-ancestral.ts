import { halfLogSnr, type Plugin, type Sampler } from "@ddpm/core";
import { plugin } from "../../../plugin.ts";
import { type AncestralOptions, ancestralShape, ancestralStep } from "../../arithmetic/ancestral.ts";
import { combine, type Term } from "../../arithmetic/combine.ts";
import { edgeStep } from "../../arithmetic/edge-step.ts";
import { momentBetween } from "../../arithmetic/moment-between.ts";
import { moveTo, predict } from "../../prediction.ts";

/**
 * DPM-Solver++(2S): x̂_0 from the middle of the step in λ is held constant over it; then ancestral noise.
 *
 * Source: Lu et al. 2022, "DPM-Solver++", algorithm 1 with r = ½; k-diffusion `sample_dpmpp_2s_ancestral`.
 */
export const dpmpp2sAncestral: Plugin<AncestralOptions, Sampler> = plugin({
  name: "dpmpp-2s-ancestral",
  about: "DPM-Solver++(2S): the prediction from the middle of the step; two calls, ancestral noise.",
  source: "Lu et al. 2022 (DPM-Solver++), algorithm 1; k-diffusion, sample_dpmpp_2s_ancestral",
  options: ancestralShape,
  create: ({ eta, noiseScale }) => ({
    name: "dpmpp-2s-ancestral",
    order: eta > 0 ? 0 : 2,
    calls: 2,
    step({ x, from, to, denoise, schedule, noise }) {
      const prediction = predict(x, from, denoise);
      const { down, up } = ancestralStep(from, to, eta);
      const fresh = (): Term[] => (up > 0 ? [[noiseScale * up, noise()]] : []);
      if (edgeStep(from, down)) {
        return { x: combine([1, moveTo(prediction, down)], ...fresh()), prediction };
      }
      const middle = momentBetween(schedule, from, down, 0.5);
      const other = predict(moveTo(prediction, middle), middle, denoise);
      const gain = -down.alpha * Math.expm1(halfLogSnr(from) - halfLogSnr(down));
      return { x: combine([down.sigma / from.sigma, x], [gain, other.x0], ...fresh()), prediction };
    },
  }),
});
