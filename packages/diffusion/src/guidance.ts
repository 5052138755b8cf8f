import type { Denoise } from "@ddpm/core";
import { combine } from "./combine.ts";

/** What {@link classifierFree} mixes. */
export interface GuidanceOptions {
  /** The network told the class. It is always told: only training drops conditions. */
  readonly conditional: Denoise;
  /** The network told "none". */
  readonly unconditional: Denoise;
  /** w: 1 is the plain conditional guess, 0 the unconditional one; above 1 leans towards the class. */
  readonly scale: number;
}

/**
 * Classifier-free guidance: unconditional + w · (conditional − unconditional). Mixing x̂_0 is mixing ε̂, since both
 * guesses stand at the same x and level. Two network calls; at w = 1 only one.
 *
 * Source: Ho and Salimans 2022, "Classifier-Free Diffusion Guidance", eq. 6, with w there one less than here.
 */
export function classifierFree({ conditional, unconditional, scale }: GuidanceOptions): Denoise {
  if (scale === 1) return conditional;
  return (...input) => {
    const told = conditional(...input);
    const free = unconditional(...input);
    const mix = { x0: combine([scale, told.x0], [1 - scale, free.x0]) };
    return told.variance ? { ...mix, variance: told.variance } : mix;
  };
}
