import { fail, type Random, random } from "@ddpm/core";
import { type Estimate, type Features, toFeatures } from "../src/index.ts";

/** Normal features: feature k has mean `shift` and deviation scale · (1 + k / d). */
export function normalFeatures(source: Random, n: number, d: number, shift = 0, scale = 1): Features {
  const data = Float64Array.from(
    { length: n * d },
    (_, i) => shift + scale * (1 + (i % d) / d) * source.normal(),
  );
  return toFeatures(data, d, "test");
}

/** How often, of so many independent repetitions, the interval holds the truth. */
export function coverage(
  seed: number,
  repetitions: number,
  draw: (random: Random) => Estimate,
  truth: number,
): number {
  let held = 0;
  for (let i = 0; i < repetitions; i++) {
    const { interval } = draw(random(seed).fork(i));
    if (!interval) fail("test/test", "an estimate without an interval.");
    if (interval[0] <= truth && truth <= interval[1]) held++;
  }
  return held / repetitions;
}
