import { errorOf } from "./result.ts";

/** The largest difference in units of allowed · max(floor, |golden|): relative for numbers above the floor. */
export function scaledError(
  ours: ArrayLike<number>,
  golden: ArrayLike<number>,
  allowed: number,
  floor = 1,
): number {
  const whole = errorOf(ours, golden, { abs: allowed * floor });
  if (whole === 0 || ours.length !== golden.length) return whole;
  const each = Array.from(golden, (wanted, i) =>
    errorOf([ours[i]!], [wanted], { abs: allowed * Math.max(floor, Math.abs(wanted)) }),
  );
  return Math.max(...each);
}
