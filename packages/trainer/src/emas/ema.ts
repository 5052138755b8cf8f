import type { Progress } from "../learning-rates/progress.ts";

/** How slowly the averaged weights follow: ema ← decay · ema + (1 − decay) · params after every update. */
export interface EmaDecay {
  readonly name: string;
  /** A number in [0, 1]; 0 copies the weights, 1 leaves the average as it is. */
  at(progress: Progress): number;
}
