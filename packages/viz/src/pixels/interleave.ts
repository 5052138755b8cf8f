import { refuse } from "../refuse.ts";

/**
 * Two lists in turns: a₀, b₀, a₁, b₁, …; for images and the noise that was added to them.
 *
 * @throws if their lengths differ
 */
export function interleave<T>(a: readonly T[], b: readonly T[]): T[] {
  if (a.length !== b.length)
    refuse("viz/interleave", `lists of ${a.length} and ${b.length}`, "Give two lists of one length.");
  return a.flatMap((item, i) => [item, b[i]!]);
}
