import { refuse } from "../refuse.ts";

/**
 * Exponential moving average without the pull of its starting value: m ← s m + (1 − s) x, divided by 1 − s^(k+1)
 * (Adam's bias correction: Kingma and Ba, 2014, algorithm 1). The first result is the first value.
 *
 * @param values    finite numbers
 * @param smoothing s in [0, 1): 0 changes nothing, 0.99 averages about the last 100 values
 * @throws if `smoothing` is out of range
 */
export function smooth(values: ArrayLike<number>, smoothing: number): Float64Array {
  if (!(smoothing >= 0 && smoothing < 1))
    refuse("viz/smooth", `smoothing ${smoothing}`, "Give a number from 0 up to, but not, 1.");
  const out = new Float64Array(values.length);
  let mean = 0;
  let weight = 0;
  for (let i = 0; i < values.length; i++) {
    mean = smoothing * mean + (1 - smoothing) * values[i]!;
    weight = smoothing * weight + (1 - smoothing);
    out[i] = mean / weight;
  }
  return out;
}
