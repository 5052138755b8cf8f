import type { NoiseLevel } from "@ddpm/core";

/** Whether a level's signal is below what float32 can tell beside its noise: dividing by alpha would leave rounding alone. */
export function noSignal({ alpha, sigma }: NoiseLevel): boolean {
  return alpha < sigma * 2 ** -24;
}
