import { type Estimate, estimate, type Subject } from "../estimate.ts";

/** A value that was measured on a part of the images. */
export interface Point {
  /** Share of all images, in (0, 1]. */
  readonly share: number;
  readonly value: number;
}

/** A value for infinitely many images, and what it was extrapolated from. */
export interface Extrapolated {
  /** The intercept, with its interval. */
  readonly infinite: Estimate;
  /** The value at the number of images given, bias included; its interval is about where that value lies, not about the truth. */
  readonly atCount: Estimate;
  /** One point per part, largest first: straight in 1 / share, if all is well. */
  readonly points: readonly Point[];
}

/** Into how many parts all groups are cut: the whole, halves, quarters. */
const CUTS = [1, 2, 4] as const;

/**
 * Extrapolates a biased measure to infinitely many images: it is taken on the whole, on both halves and on all four
 * quarters, so that every image counts equally at each size, and a line in 1 / n is fitted. The error comes from the
 * delete-one-group jackknife of the whole procedure, which knows that the parts overlap; residuals of the fit would not.
 *
 * Source: Chong and Forsyth 2020 (the line in 1 / n); Tukey 1958, Shao and Wu 1989 (the jackknife).
 *
 * @param groups  G independent groups of about equal size, at least 8
 * @param measure value of a union of groups, given their numbers 0 … G − 1
 */
export function extrapolate(
  subject: Subject,
  groups: number,
  measure: (members: readonly number[]) => number,
): Extrapolated {
  const parts = CUTS.flatMap((cut) =>
    Array.from({ length: cut }, (_, part) =>
      Array.from({ length: groups }, (_, g) => g).filter((g) => Math.floor((g * cut) / groups) === part),
    ),
  );
  const pointOf = (members: readonly number[], of: number): Point => ({
    share: members.length / of,
    value: measure(members),
  });
  const points = parts.map((members) => pointOf(members, groups));
  const all = { infinite: intercept(points), atCount: points[0]!.value };
  const without = Array.from({ length: groups }, (_, left) => {
    const fewer = parts.map((members, i) => {
      if (!members.includes(left)) return { ...points[i]!, share: members.length / (groups - 1) };
      return pointOf(
        members.filter((g) => g !== left),
        groups - 1,
      );
    });
    return { infinite: intercept(fewer), atCount: fewer[0]!.value };
  });
  const withError = (name: "infinite" | "atCount", metric: string): Estimate => {
    const mean = without.reduce((sum, each) => sum + each[name] / groups, 0);
    const square = without.reduce((sum, each) => sum + (each[name] - mean) ** 2, 0);
    const error = Math.sqrt(((groups - 1) / groups) * square);
    return estimate({ ...subject, metric }, all[name], error, groups - 1);
  };
  return {
    infinite: withError("infinite", subject.metric),
    atCount: withError("atCount", `${subject.metric}-at-${subject.count}`),
    points,
  };
}

/** Where the least-squares line in 1 / share, each point weighted by its share, meets 1 / share = 0. */
function intercept(points: readonly Point[]): number {
  let weight = 0;
  let x = 0;
  let y = 0;
  for (const { share, value } of points) {
    weight += share;
    x += 1;
    y += share * value;
  }
  const [xMean, yMean] = [x / weight, y / weight];
  let xx = 0;
  let xy = 0;
  for (const { share, value } of points) {
    xx += share * (1 / share - xMean) ** 2;
    xy += share * (1 / share - xMean) * (value - yMean);
  }
  return yMean - (xy / xx) * xMean;
}
