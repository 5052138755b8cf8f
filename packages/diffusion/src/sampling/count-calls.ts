import type { Denoise } from "@ddpm/core";

/** The same guesses, and how many were asked for. */
export function countingCalls(denoise: Denoise): { readonly denoise: Denoise; calls(): number } {
  let calls = 0;
  return {
    denoise(...input) {
      calls++;
      return denoise(...input);
    },
    calls: () => calls,
  };
}
