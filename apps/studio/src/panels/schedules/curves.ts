import { logSnr, type NoiseSchedule } from "@ddpm/core";
import type { Curve } from "../../ui/plot/plot.tsx";

/** Points of a curve. */
const POINTS = 240;

const grid = Float64Array.from({ length: POINTS + 1 }, (_, i) => i / POINTS);

/** ᾱ over t: the share of signal power, alpha² / (alpha² + sigma²) also where the two do not add up to 1. */
export function abarCurve(name: string, schedule: NoiseSchedule, colour: number): Curve {
  const y = grid.map((t) => {
    const { alpha, sigma } = schedule.at(t);
    return alpha ** 2 / (alpha ** 2 + sigma ** 2);
  });
  return { name, x: grid, y, colour };
}

/** ln SNR over t, without its infinite ends. */
export function logSnrCurve(name: string, schedule: NoiseSchedule, colour: number): Curve {
  return { name, x: grid, y: grid.map((t) => logSnr(schedule.at(t))), colour };
}

/** β over t; undefined for schedules without steps. */
export function betaCurve(name: string, { betas }: NoiseSchedule, colour: number): Curve | undefined {
  if (!betas) return undefined;
  const every = Math.max(1, Math.floor(betas.length / POINTS));
  const steps = Array.from({ length: Math.ceil(betas.length / every) }, (_, k) => k * every);
  return {
    name,
    x: steps.map((i) => (i + 1) / betas.length),
    y: steps.map((i) => betas[i]!),
    colour,
  };
}
