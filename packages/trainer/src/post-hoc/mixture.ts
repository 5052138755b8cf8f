import { fail } from "@ddpm/core";
import { solve } from "@ddpm/core/authoring";
import { overlap, type Profile } from "./profile.ts";

/**
 * The weight of each stored average in the combination that comes nearest to another average, in the least-squares
 * sense over the whole training: the average is found after the training that it is of.
 *
 * Source: Karras et al. 2024 (EDM2), section 3.1 and algorithm 3.
 *
 * @param stored averages that were kept, of any widths; no two of them the same
 * @param wanted the average to come near to; not later than the last one stored
 * @returns one factor per stored average
 */
export function mixture(stored: readonly Profile[], wanted: Profile): Float64Array {
  const last = Math.max(...stored.map(({ at }) => at));
  if (stored.length === 0 || wanted.at > last) {
    fail(
      "trainer/post-hoc",
      `an average at update ${wanted.at} is wanted, and the last one kept is at ${stored.length === 0 ? "none" : last}.`,
      "Keep averages along the training, up to its end.",
    );
  }
  const weights = solve(
    stored.map((a) => stored.map((b) => overlap(a, b))),
    stored.map((a) => overlap(a, wanted)),
  );
  return Float64Array.from(weights ?? fail("trainer/post-hoc", "two of the averages kept are the same one."));
}
