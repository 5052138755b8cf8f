import * as tf from "@tensorflow/tfjs-core";
import type { Denoise, NoiseSchedule, Sampler } from "../../../packages/core/src/index.ts";
import { samplingLoop } from "../../../packages/diffusion/src/index.ts";
import { channelsFirst, type SamplingCase, type SamplingFile } from "./file.ts";
import { imagesOf, inputOf } from "./inputs.ts";
import { scriptedNoise } from "./scripted-noise.ts";

/** How a case is run with our own loop. */
export interface Plan {
  readonly schedule: NoiseSchedule;
  readonly sampler: Sampler;
  readonly denoise: Denoise;
  /** One path, or several that continue from each other's end: references whose steps do not meet. */
  readonly paths: readonly (readonly number[])[];
  /** What x_T is multiplied with; 1. */
  readonly scale?: number;
  /** Where the draws of a step begin, counted over all paths; one draw per step. */
  readonly offset?: (step: number) => number;
  readonly selfCondition?: boolean;
}

/** What the network saw at each call, then the result: flat [B, C, H, W]. */
export interface Trace {
  readonly calls: readonly Float32Array[];
  /** alpha at each call. */
  readonly alphas: readonly number[];
  /** sigma / alpha at each call. */
  readonly levels: readonly number[];
  /** t at each call. */
  readonly times: readonly number[];
  /** The first call of each step. */
  readonly firsts: readonly Float32Array[];
  readonly start: Float32Array;
  /** x after each path. */
  readonly ends: readonly Float32Array[];
  /** x after each step. */
  readonly steps: readonly Float32Array[];
  readonly result: Float32Array;
}

/** Runs a plan and writes down every state. */
export async function traceOf(file: SamplingFile, golden: SamplingCase, plan: Plan): Promise<Trace> {
  const { shape } = golden;
  const [batch, channels, height, width] = shape;
  const ours = [batch, height, width, channels] as const;
  const calls: Float32Array[] = [];
  const steps: Float32Array[] = [];
  const seen = (x: tf.Tensor) => channelsFirst(x.dataSync(), shape);
  const alphas: number[] = [];
  const levels: number[] = [];
  const askedAt: number[] = [];
  const denoise: Denoise = (x, at, guess) => {
    calls.push(seen(x));
    alphas.push(at.alpha);
    levels.push(at.sigma / at.alpha);
    askedAt.push(at.t);
    return plan.denoise(x, at, guess);
  };
  const offset = plan.offset ?? ((step: number) => step);
  let x = tf.tidy(() => tf.mul(imagesOf(inputOf(file, golden, "x_T")), plan.scale ?? 1));
  const start = seen(x);
  const firsts: Float32Array[] = [];
  const ends: Float32Array[] = [];
  let before = 0;
  for (const times of plan.paths) {
    const done = before;
    const random = scriptedNoise(
      () => inputOf(file, golden, "noises"),
      (step) => offset(done + step),
    );
    const { schedule, sampler, selfCondition = false } = plan;
    const frames = samplingLoop({
      denoise,
      schedule,
      sampler,
      times,
      shape: ours,
      random,
      start: x,
      selfCondition,
    });
    let called = calls.length;
    for await (const frame of frames) {
      firsts.push(calls[called]!);
      called = calls.length;
      steps.push(seen(frame.x));
      before++;
      if (!frame.done) continue;
      x.dispose();
      x = frame.x;
      ends.push(seen(x));
    }
  }
  const result = seen(x);
  x.dispose();
  return { calls, alphas, levels, times: askedAt, firsts, ends, start, steps, result };
}
