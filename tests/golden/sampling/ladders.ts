import type { NoiseSchedule } from "../../../packages/core/src/index.ts";

/** The time that stands for a noise level u = sigma / alpha on {@link preserving} and {@link exploding}. */
export function timeOf(u: number): number {
  return u / (1 + u);
}

const levelOf = (t: number): number => t / (1 - t);

/** Every level u = sigma / alpha there is, with alpha² + sigma² = 1. */
export const preserving: NoiseSchedule = {
  name: "preserving",
  at(t) {
    const u = levelOf(t);
    if (u === Number.POSITIVE_INFINITY) return { alpha: 0, sigma: 1 };
    const alpha = 1 / Math.sqrt(1 + u ** 2);
    return { alpha, sigma: u * alpha };
  },
  timeAt: (lambda) => timeOf(Math.exp(-lambda)),
};

/** Every level u = sigma there is, with alpha = 1. */
export const exploding: NoiseSchedule = {
  name: "exploding",
  at: (t) => ({ alpha: 1, sigma: levelOf(t) }),
  timeAt: (lambda) => timeOf(Math.exp(-lambda)),
};

/** A chain from its ᾱ alone. */
export function chain(abar: readonly number[]): NoiseSchedule {
  const steps = abar.length;
  const betas = Float64Array.from(abar, (value, i) => 1 - value / (abar[i - 1] ?? 1));
  return {
    name: "chain",
    steps,
    betas,
    at(t) {
      const i = Math.round(t * steps) - 1;
      if (i < 0) return { alpha: 1, sigma: 0 };
      return { alpha: Math.sqrt(abar[i]!), sigma: Math.sqrt(1 - abar[i]!) };
    },
  };
}
