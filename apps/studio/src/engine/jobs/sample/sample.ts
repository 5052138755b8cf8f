import { type Condition, type Denoise, fail } from "@ddpm/core";
import { disposable } from "@ddpm/core/step";
import { classifierFree, denoiseWith, wrappers } from "@ddpm/diffusion";
import { unconditional } from "@ddpm/diffusion/authoring";
import { buildParts } from "@ddpm/runs";
import { createBuiltIn } from "@ddpm/runs/authoring";
import { spacings } from "@ddpm/schedules";
import { type Tokenizer, tokenRows } from "@ddpm/text";
import * as tf from "@tensorflow/tfjs-core";
import { rangeOf } from "../../../model/configuration/image-settings.ts";
import { checkDevice, currentBackend } from "../../backends/current.ts";
import { type Pictures, picturesOf } from "../../images.ts";
import type { Job } from "../../job.ts";
import { openModel } from "../../store/models.ts";
import { inRange } from "./given-pictures.ts";
import type { SampleInput } from "./sample-input.ts";
import { type TrajectoryFrame, trajectory } from "./trajectories.ts";

/** A frame of one lane as it is computed. */
export interface SampleEvent {
  readonly lane: number;
  /** Encoding: `x` is between two pictures and their noise, shown at half its size. */
  readonly encoding: boolean;
  readonly step: number;
  /** Steps there will be; 0 when the sampler decides as it runs. */
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

type Range = ReturnType<typeof rangeOf>;

interface Lane {
  readonly frames: AsyncGenerator<TrajectoryFrame, void>;
  milliseconds: number;
  /** Calls while encoding. */
  before: number;
  done: boolean;
}

/** Draws with several samplers side by side: each gets a step in turn, so that they can be watched together. */
export const sample: Job<SampleInput, SampleResult, SampleEvent> = async (input, { emit, signal }) => {
  const chosen = await currentBackend();
  const { config, params, shape } = await openModel(input.model);
  const { denoiser, parameterization, schedule, tokenizer } = buildParts(config);
  const range = rangeOf(config.data);
  const { compile } = chosen.backend;
  const recorded = compile && disposable(compile);
  const conditions: Condition[] = [];
  const base = {
    ...{ denoiser, params, parameterization, schedule },
    ...(recorded ? { compile: recorded.compile } : {}),
  };
  const denoise = (count: number, clipped: boolean): Denoise => {
    const condition = conditionOf(input, { classes: denoiser.classes, tokenizer }, count);
    conditions.push(condition);
    const conditional = denoiseWith({ ...base, condition });
    const { guidance } = input;
    const plain =
      guidance === 1 || !(condition.labels || condition.tokens)
        ? conditional
        : classifierFree({
            conditional,
            unconditional: denoiseWith({ ...base, condition: unconditional(condition) }),
            scale: guidance,
          });
    return clipped ? wrappers.create({ name: "clip", ...range })(plain) : plain;
  };
  const { count, seed, steps } = input;
  const task = inRange(input.task, range);
  const times = createBuiltIn(spacings, input.spacing).times(steps, schedule);
  const selfCondition = denoiser.takesGuess ?? false;
  const ground = { task, count, seed, schedule, shape, times, selfCondition, signal, denoise };
  // One lane, where the task has a sampler of its own.
  const specs = task.kind === "paint" ? ["repaint"] : input.samplers;
  const lanes: Lane[] = [];
  try {
    for (const spec of specs)
      lanes.push({ frames: trajectory(ground, spec), milliseconds: 0, before: 0, done: false });
    while (lanes.some(({ done }) => !done) && !signal.aborted) {
      for (const [index, lane] of lanes.entries()) {
        if (lane.done || signal.aborted) continue;
        const event = await advance(lane, index, range);
        checkDevice(chosen);
        if (event) emit(event, [event.x.data.buffer, event.x0.data.buffer]);
      }
    }
    return { stopped: signal.aborted };
  } catch (error) {
    // A sampling loop that is stopped throws.
    if (signal.aborted) return { stopped: true };
    throw error;
  } finally {
    for (const { frames } of lanes) await frames.return().catch(() => {});
    recorded?.dispose();
    tf.dispose([params, conditions] as unknown as tf.TensorContainer);
  }
};

function conditionOf(
  { labels, prompt }: SampleInput,
  {
    classes,
    tokenizer,
  }: { readonly classes?: number | undefined; readonly tokenizer?: Tokenizer | undefined },
  count: number,
): Condition {
  const named = labels !== undefined && classes !== undefined;
  return {
    ...(named ? { labels: tf.tensor1d(labels.slice(0, count), "int32") } : {}),
    ...(prompt !== undefined && tokenizer ? { tokens: rowsOf(prompt, tokenizer, count) } : {}),
  };
}

/** The ids of a text for each picture, [count, L]. */
function rowsOf(prompt: string, tokenizer: Tokenizer, count: number): tf.Tensor2D {
  const { ids, shape, cut } = tokenRows(tokenizer, new Array<string>(count).fill(prompt));
  if (cut[0]! > 0)
    fail("studio/sample", `the text is ${cut[0]} words or pieces of words too long.`, "Shorten it.");
  return tf.tensor2d(ids, [...shape], "int32");
}

async function advance(lane: Lane, index: number, range: Range): Promise<SampleEvent | undefined> {
  const started = performance.now();
  const next = await lane.frames.next();
  if (next.done) {
    lane.done = true;
    return undefined;
  }
  const { step, count, calls, x, x0, encoding } = next.value;
  const pictures = { x: await shown(x, encoding, range), x0: await picturesOf(x0, range) };
  lane.milliseconds += performance.now() - started;
  if (encoding) lane.before = calls;
  const all = encoding ? calls : lane.before + calls;
  return { lane: index, encoding, step, count, calls: all, milliseconds: lane.milliseconds, ...pictures };
}

/** Noise is mostly within ±2: half of it is a picture. */
async function shown(x: tf.Tensor, encoding: boolean, range: Range): Promise<Pictures> {
  if (!encoding) return picturesOf(x, range);
  const half = tf.tidy(() => tf.div(x, 2));
  const pictures = await picturesOf(half);
  half.dispose();
  return pictures;
}
