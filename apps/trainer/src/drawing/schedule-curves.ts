import { type NoiseSchedule, snr } from "@ddpm/core";
import type { ScheduleCurves } from "@ddpm/viz/authoring";

/** Times at which curves of schedules without steps are drawn. */
const POINTS = 1000;

/** β, ᾱ and log-SNR of a schedule, at each of its steps. */
export function curvesOf(name: string, schedule: NoiseSchedule): ScheduleCurves {
  const count = schedule.steps ?? POINTS;
  const times = Array.from({ length: count }, (_, i) => (i + 1) / count);
  const levels = times.map((t) => schedule.at(t));
  return {
    name,
    t: times,
    ...(schedule.betas ? { beta: schedule.betas } : {}),
    abar: levels.map(({ alpha, sigma }) => alpha ** 2 / (alpha ** 2 + sigma ** 2)),
    logSnr: levels.map((level) => Math.log(snr(level))),
  };
}
