import { mean } from "@ddpm/core/authoring";
import { type Estimate, type Subject, studentEstimate } from "./estimate.ts";

/** A value for infinitely many images, and what it was extrapolated from. */
export interface Extrapolated {
  /** The value for infinitely many images, with its interval. */
  readonly infinite: Estimate;
  /** The value at the number of images given, with its bias; the interval is that of this biased value. */
  readonly atCount: Estimate;
  /** Mean value at a share of the images, largest first: the line through the first two ends in `infinite`. */
  readonly points: readonly { readonly share: number; readonly value: number }[];
}

/**
 * Extrapolates a measure whose bias falls as 1 / n to infinitely many images: the line in 1 / n through its value on all
 * images and its mean value with one group of them left out. Every pair of groups has the same weight, which
 * minimises the variance of such a line.
 *
 * The error is the jackknife's. Where two distributions are equal, a measure reduces to a sum over pairs of images, whose
 * variance the jackknife counts twice; leaving out two groups at a time estimates that part, and it is subtracted.
 *
 * Source: Chong and Forsyth 2020 (the line in 1 / n); Quenouille 1956 and Tukey 1958 (the jackknife); Efron and Stein 1981,
 * section 4 (its bias).
 *
 * @param groups  G independent groups of about equal size, at least 5
 * @param measure value of all groups but those left out, given their numbers 0 … G − 1
 */
export function extrapolate(
  subject: Subject,
  groups: number,
  measure: (leftOut: readonly number[]) => number,
): Extrapolated {
  const G = groups;
  const each = Array.from({ length: G }, (_, g) => g);
  const all = measure([]);
  const without = each.map((g) => measure([g]));
  const withoutTwo = each.map((g) => measure([g, (g + 1) % G]));
  const pseudo = without.map((value) => G * all - (G - 1) * value);
  const interactions = each.map(
    (g) => G * all - (G - 1) * (without[g]! + without[(g + 1) % G]!) + (G - 2) * withoutTwo[g]!,
  );
  const jackknife = squares(pseudo, mean(pseudo)) / (G * (G - 1));
  // Interactions are 2 b / G with b the part of a pair, plus its share of all other pairs.
  const pairs = (squares(interactions, 0) * G) / (4 * (1 + (2 * (G - 2)) / (G - 1) ** 2));
  const ofPairs = (2 * pairs) / (G * (G - 1));
  const countedTwice = (2 * pairs * (G - 3)) / (G * (G - 1) ** 2);
  const error = Math.sqrt(Math.max(jackknife - countedTwice, ofPairs / 2));
  return {
    infinite: studentEstimate(withSamples(subject, "infinite"), mean(pseudo), error, G - 1),
    atCount: studentEstimate(withSamples(subject, subject.count), all, error, G - 1),
    points: [
      { share: 1, value: all },
      { share: (G - 1) / G, value: mean(without) },
      { share: (G - 2) / G, value: mean(withoutTwo) },
    ],
  };
}

function withSamples(subject: Subject, samples: number | "infinite"): Subject {
  return { ...subject, settings: { ...subject.settings, samples } };
}

function squares(values: readonly number[], about: number): number {
  return values.reduce((sum, value) => sum + (value - about) ** 2, 0);
}
