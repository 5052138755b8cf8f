import { type Random, random } from "@ddpm/core";

/** Random choices for one case. */
export interface Draw {
  /** A whole number from `from` to `to`, both included. */
  whole(from: number, to: number): number;
  one<T>(choices: readonly T[]): T;
  /** True with this probability. */
  chance(probability: number): boolean;
  /** Each with the same probability: a subset of 0 … count − 1 in rising order, at least one of them. */
  some(count: number): number[];
  /** 0 … count − 1 in random order. */
  order(count: number): number[];
  /** Standard normal numbers. */
  normals(count: number): Float32Array;
}

/** The choices of draw `index` of a seed; no draw depends on those before it. */
export function drawOf(seed: number, index: number): Draw {
  const stream: Random = random(seed).fork(index);
  const whole = (from: number, to: number): number => from + stream.integer(to - from + 1);
  const one = <T>(choices: readonly T[]): T => choices[stream.integer(choices.length)]!;
  return {
    whole,
    one,
    chance: (probability) => stream.uniform() < probability,
    some: (count) => {
      const picked = Array.from({ length: count }, (_, i) => i).filter(() => stream.uniform() < 0.5);
      return picked.length > 0 ? picked : [whole(0, count - 1)];
    },
    order: (count) => [...stream.permutation(count)],
    normals: (count) => stream.normals(count),
  };
}

/** A small shape of a rank: some thousand numbers at most, with lengths around powers of two and ones among them. */
export function shapeOf(draw: Draw, rank: number): number[] {
  const lengths = rank <= 2 ? [1, 2, 3, 5, 8, 9, 16, 33, 40] : rank <= 4 ? [1, 2, 3, 4, 5, 8] : [1, 2, 3, 4];
  return Array.from({ length: rank }, () => draw.one(lengths));
}
