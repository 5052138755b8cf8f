import type { Moment, NoiseLevel } from "@ddpm/core";
import { noSignal } from "@ddpm/core/authoring";

/**
 * Whether a step starts or ends where λ = ln(alpha / sigma) is infinite: at a level without noise, or without signal as
 * {@link noSignal} defines it. Samplers take a first-order step there.
 */
export function edgeStep(from: NoiseLevel, to: NoiseLevel): boolean {
  return from.sigma === 0 || to.sigma === 0 || noSignal(from) || noSignal(to);
}

/** The guesses that were made at a level with signal. */
export function withSignal<Guess extends { readonly at: Moment }>(guesses: readonly Guess[]): Guess[] {
  return guesses.filter(({ at }) => !noSignal(at));
}
