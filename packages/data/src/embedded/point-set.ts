import { type Dataset, fail, type Random, random } from "@ddpm/core";
import { fingerprint } from "@ddpm/core/authoring";
import * as z from "zod";
import { seedOption } from "./seed-option.ts";

/** Options of every set of points in the plane. */
export interface PointOptions {
  /** Number of points, from 1; 10 000. */
  readonly count?: number | undefined;
  /** Whole number from 0; 0. */
  readonly seed?: number | undefined;
  /** Standard deviation of the noise around the curve or the centres; each set has its own. */
  readonly noise?: number | undefined;
}

/** {@link PointOptions} for the schema of a set whose noise is `noise` unless given. */
export function pointOptions(noise: number): {
  readonly count: z.ZodDefault<z.ZodNumber>;
  readonly seed: z.ZodDefault<z.ZodNumber>;
  readonly noise: z.ZodDefault<z.ZodNumber>;
} {
  return {
    count: z.number().int().min(1).max(1e7).default(10_000).describe("number of points"),
    seed: seedOption("points"),
    noise: z.number().min(0).max(1).default(noise).describe("standard deviation of the noise"),
  };
}

/**
 * Points in the plane as a {@link Dataset} of shape [1, 1, 2]: x and y are the two channels of one pixel, as float32
 * in `values`; the bytes of `pixels` are their rounding. Point k is a function of (seed, k) alone, with class
 * k mod (number of classes). Not flippable, so that no stream mirrors it.
 *
 * @param draw the point of a class, about within [−1, 1]²
 */
export function pointSet(
  name: string,
  classes: readonly string[],
  { count, seed, noise }: { count: number; seed: number; noise: number },
  draw: (label: number, from: Random) => readonly [x: number, y: number],
): Dataset {
  const root = random(seed);
  return {
    name,
    length: count,
    shape: [1, 1, 2],
    classes,
    labels: Int32Array.from({ length: count }, (_, index) => index % classes.length),
    flippable: false,
    fingerprint: fingerprint("points", 1, name, count, seed, noise),
    image(index) {
      if (!(Number.isInteger(index) && index >= 0 && index < count)) {
        fail(`data/${name}`, `point ${index}, expected a whole number from 0 to ${count - 1}.`);
      }
      const label = index % classes.length;
      const from = root.fork(index);
      const values = Float32Array.from(draw(label, from), (value) => value + noise * from.normal());
      return { values, pixels: Uint8ClampedArray.from(values, (value) => (value + 1) * 127.5), label };
    },
  };
}
