import type { Random } from "../../../packages/core/src/index.ts";
import { channelsLast, type Stored } from "./file.ts";

/**
 * A random stream that hands out the stored noises instead: draw j of step i is noise number `offset(i)` + j, and
 * sample k gets its own part of it.
 *
 * @param stored [N, B, C, H, W]; numbers beyond N start over; read when the first noise is drawn
 */
export function scriptedNoise(stored: () => Stored, offset: (step: number) => number): Random {
  const made = new Map<number, Float32Array>();
  const noiseOf = (draw: number): Float32Array => {
    const [count, ...image] = stored().shape as [number, ...number[]];
    const size = image.reduce((product, length) => product * length, 1);
    const i = draw % count;
    const noise = made.get(i) ?? channelsLast(stored().data.slice(i * size, (i + 1) * size), image);
    made.set(i, noise);
    return noise;
  };
  const refuse = (): never => {
    throw new Error("only normal numbers are scripted");
  };
  const stream = (sample: number, step: number): Random => {
    let draw = 0;
    return {
      uniform: refuse,
      normal: refuse,
      integer: refuse,
      uniforms: refuse,
      permutation: refuse,
      state: refuse,
      fork: refuse,
      normals: () => {
        const noise = noiseOf(offset(step) + draw++);
        const each = noise.length / stored().shape[1]!;
        return noise.slice(sample * each, (sample + 1) * each);
      },
    };
  };
  const sampleStream = (sample: number): Random => ({
    ...stream(sample, 0),
    fork: (step) => stream(sample, Number(step)),
  });
  return { ...stream(0, 0), fork: (sample) => sampleStream(Number(sample)) };
}

/** Where the draws of a step begin, from the draws of each step; one per step where the case lists none. */
export function offsetsOf(draws: readonly number[] | undefined): (step: number) => number {
  if (draws === undefined) return (step) => step;
  const begins: number[] = [];
  let total = 0;
  for (const count of draws) {
    begins.push(total);
    total += count;
  }
  return (step) => begins[step] ?? total;
}
