import {
  type Denoise,
  type Moment,
  type NoiseSchedule,
  type Prediction,
  random,
  type Sampler,
} from "@ddpm/core";
import { sizeOf } from "@ddpm/core/authoring";
import * as tf from "@tensorflow/tfjs-core";

/** A plain reading of the sampler contract: what every loop must do, and no more. */
export interface Trajectory {
  readonly sampler: Sampler;
  readonly schedule: NoiseSchedule;
  readonly denoise: Denoise;
  readonly path: readonly Moment[];
  /** Numbers at the first moment, of `shape`. */
  readonly start: Float32Array;
  /** [B, …, C] */
  readonly shape: readonly number[];
  readonly seed?: number;
  /** Number of the batch's first sample; 0 when left out. */
  readonly first?: number;
  /** Called at every call of `noise`. */
  readonly drew?: () => void;
}

/** Takes every step of the path in one tidy and returns the numbers at its end. */
export function trajectoryOf(options: Trajectory): Float32Array {
  return tf.tidy(() => {
    const { sampler, path, shape } = options;
    const target = path.at(-1)!;
    let x = tf.tensor(options.start, [...shape]);
    let at = path[0]!;
    let history: readonly Prediction[] = [];
    let memo: unknown;
    for (let index = 0; at.t !== target.t; index++) {
      const output = sampler.step({
        x,
        from: at,
        to: sampler.adaptive ? target : path[index + 1]!,
        denoise: options.denoise,
        schedule: options.schedule,
        noise: noiseOf(options, index),
        history,
        index,
        count: sampler.adaptive ? 0 : path.length - 1,
        memo,
      });
      x = output.x;
      at = output.at ?? path[index + 1]!;
      memo = output.memo;
      history = [output.prediction, ...history].slice(0, sampler.memory ?? 0);
    }
    return x.dataSync() as Float32Array;
  });
}

/** Noise of step `index`, every sample from a stream of its own. */
function noiseOf({ shape, seed = 1, first = 0, drew }: Trajectory, index: number): () => tf.Tensor {
  const batch = shape[0]!;
  const size = sizeOf(shape.slice(1));
  const streams = Array.from({ length: batch }, (_, i) =>
    random(seed)
      .fork(first + i)
      .fork(index),
  );
  return () => {
    drew?.();
    const values = new Float32Array(batch * size);
    streams.forEach((stream, i) => {
      values.set(stream.normals(size), i * size);
    });
    return tf.tensor(values, [...shape]);
  };
}
