import { type Condition, type Denoise, random } from "@ddpm/core";
import { classifierFree, denoiseWith, type Frame, sample, samplers, wrappers } from "@ddpm/diffusion";
import { spacings } from "@ddpm/schedules";
import * as tf from "@tensorflow/tfjs-core";
import { buildRun } from "../../model/build-run.ts";
import { type PluginSpec, toSpec } from "../../model/run-config.ts";
import { checkDevice, currentBackend } from "../backends/current.ts";
import { type Pictures, picturesOf } from "../images.ts";
import type { Job } from "../protocol.ts";
import { openModel } from "../store/models.ts";

/** The model that comes with the page, or a run in it. */
export type ModelChoice = { readonly shipped: string } | { readonly run: string };

export interface SampleInput {
  readonly model: ModelChoice;
  /** One lane each, all from the same noise. */
  readonly samplers: readonly PluginSpec[];
  readonly spacing: PluginSpec;
  readonly steps: number;
  readonly count: number;
  readonly seed: number;
  /** Class of each picture; none when left out. */
  readonly labels?: readonly number[];
  readonly guidance: number;
}

/** A frame of one lane as it is computed. */
export interface SampleEvent {
  readonly lane: number;
  readonly step: number;
  /** Steps there will be; 0 when the sampler decides on the way. */
  readonly count: number;
  readonly calls: number;
  /** Time of this lane so far. */
  readonly milliseconds: number;
  /** Images at this step. */
  readonly x: Pictures;
  /** What the network takes for the clean images. */
  readonly x0: Pictures;
}

export interface SampleResult {
  readonly stopped: boolean;
}

interface Lane {
  readonly frames: AsyncGenerator<Frame, tf.Tensor4D, void>;
  milliseconds: number;
  done: boolean;
}

/** Draws with several samplers side by side: each gets a step in turn, so that they can be watched together. */
export const sampleJob: Job<"sample"> = async (input, { emit, signal }) => {
  const chosen = await currentBackend();
  const { config, params, shape } = await openModel(input.model);
  const { denoiser, parameterization, schedule } = buildRun(config);
  const { steps, count, seed, labels, guidance } = input;
  const { compile } = chosen.backend;
  const base = { denoiser, params, parameterization, schedule, ...(compile ? { compile } : {}) };
  const condition: Condition =
    labels === undefined || denoiser.classes === undefined
      ? {}
      : { labels: tf.tensor1d([...labels], "int32") };
  const denoise = (): Denoise => {
    const conditional = denoiseWith({ ...base, condition });
    if (guidance === 1 || !condition.labels) return conditional;
    return classifierFree({ conditional, unconditional: denoiseWith(base), scale: guidance });
  };
  const times = spacings.create(toSpec(input.spacing)).times(steps, schedule);
  const lanes = input.samplers.map(
    (spec): Lane => ({
      frames: sample({
        ...{ schedule, times, signal },
        denoise: wrappers.create("clip")(denoise()),
        sampler: samplers.create(toSpec(spec)),
        shape: [count, ...shape],
        random: random(seed).fork("sample"),
        selfCondition: denoiser.takesGuess ?? false,
      }),
      milliseconds: 0,
      done: false,
    }),
  );
  try {
    while (lanes.some(({ done }) => !done) && !signal.aborted) {
      for (const [index, lane] of lanes.entries()) {
        if (lane.done || signal.aborted) continue;
        const event = await advance(lane, index);
        checkDevice(chosen);
        if (event) emit(event, [event.x.data.buffer, event.x0.data.buffer]);
      }
    }
    return { stopped: signal.aborted };
  } finally {
    for (const { frames } of lanes) await frames.return(undefined as never).catch(() => {});
    tf.dispose([params, condition] as tf.TensorContainer);
  }
};

async function advance(lane: Lane, index: number): Promise<SampleEvent | undefined> {
  const started = performance.now();
  const next = await lane.frames.next();
  if (next.done) {
    lane.done = true;
    next.value.dispose();
    return undefined;
  }
  const { step, count, calls, x, x0 } = next.value;
  const pictures = { x: await picturesOf(x), x0: await picturesOf(x0) };
  lane.milliseconds += performance.now() - started;
  return { lane: index, step, count, calls, milliseconds: lane.milliseconds, ...pictures };
}
