import { refuse } from "../refuse.ts";

/**
 * `n` equally spaced indices into `count` frames: the first, the last, and n − 2 between, rounded.
 *
 * Strides (`frames[::count // n]`) give n or n + 1 frames and miss the last one; this gives exactly n.
 *
 * @param count how many frames there are
 * @param n     how many are wanted: 2..count, or 1 if there is only one frame
 * @returns n strictly increasing indices from 0 to count − 1
 * @throws if n is larger than count, or if one index is asked to be both the first and the last
 */
export function stages(count: number, n: number): number[] {
  if (!Number.isInteger(count) || count < 1)
    refuse("viz/stages", `count ${count}`, "Give a whole number of frames from 1 up.");
  if (!Number.isInteger(n) || n < 1)
    refuse("viz/stages", `n ${n}`, "Give a whole number of stages from 1 up.");
  if (n > count) refuse("viz/stages", `${n} stages of ${count} frame(s)`, `Ask for at most ${count}.`);
  if (n === 1 && count > 1)
    refuse(
      "viz/stages",
      `1 stage of ${count} frames`,
      "Ask for at least 2: the first and the last are always among them.",
    );
  return Array.from({ length: n }, (_, i) => (n === 1 ? 0 : Math.round((i * (count - 1)) / (n - 1))));
}
