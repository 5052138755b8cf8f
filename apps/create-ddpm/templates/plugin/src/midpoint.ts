import { halfLogSnr, type Plugin, plugin, type Sampler } from "@ddpm/core";
import { combine, moveTo, predict } from "@ddpm/diffusion/authoring";

/** Second order from one extra call halfway in log-SNR: a sampler is one pure step from one moment to the next. */
export const midpoint: Plugin<Record<never, never>, Sampler> = plugin({
  name: "midpoint",
  about: "A second call halfway in log-SNR.",
  source: "this package; Lu et al. 2022, DPM-Solver-2",
  options: {},
  create: () => ({
    name: "midpoint",
    order: 2,
    calls: 2,
    step({ x, from, to, denoise, schedule }) {
      const prediction = predict(x, from, denoise);
      if (to.sigma === 0) return { x: moveTo(prediction, to), prediction };
      const t = schedule.timeAt!((halfLogSnr(from) + halfLogSnr(to)) / 2);
      const middle = { t, ...schedule.at(t) };
      const better = predict(moveTo(prediction, middle), middle, denoise);
      const keep = to.sigma / from.sigma;
      return { x: combine([keep, x], [to.alpha - keep * from.alpha, better.x0]), prediction };
    },
  }),
});
