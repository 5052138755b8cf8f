import type { Random } from "@ddpm/core";
import { sizeOf } from "@ddpm/core/authoring";
import * as tf from "@tensorflow/tfjs-core";

/** Which samples a batch holds, and the stream that their seeds come from. */
export interface Seeds {
  readonly random: Random;
  /** Number of the batch's first sample. */
  readonly first: number;
  /** [B, …, C] */
  readonly shape: readonly number[];
}

/** Standard normal samples, sample k's from `stream(k)`. */
function normals({ first, shape }: Seeds, stream: (sample: number) => Random): tf.Tensor {
  const batch = shape[0]!;
  const size = sizeOf(shape.slice(1));
  const values = new Float32Array(batch * size);
  for (let i = 0; i < batch; i++) values.set(stream(first + i).normals(size), i * size);
  return tf.tensor(values, [...shape]);
}

/** What sampling starts from, [B, …, C], before its scale: sample k's from `random.fork(k).fork("start")`. */
export function initialNoise(seeds: Seeds): tf.Tensor {
  return normals(seeds, (k) => seeds.random.fork(k).fork("start"));
}

/** The noise source of step `index`: draws in order from `random.fork(k).fork(index)` for sample k. */
export function stepNoise(seeds: Seeds, index: number): () => tf.Tensor {
  const streams = new Map<number, Random>();
  const stream = (k: number): Random => {
    const known = streams.get(k) ?? seeds.random.fork(k).fork(index);
    streams.set(k, known);
    return known;
  };
  return () => normals(seeds, stream);
}
