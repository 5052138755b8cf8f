import type { StartedBackend } from "@ddpm/backends/authoring";
import {
  type CompileStep,
  type Condition,
  type DenoiseWrapper,
  type Images,
  type Params,
  random,
  type Spec,
} from "@ddpm/core";
import type { ImageShape } from "@ddpm/core/authoring";
import { disposable } from "@ddpm/core/step";
import { classifierFree, denoiseWith, samplingLoop, wrappers } from "@ddpm/diffusion";
import { unconditional } from "@ddpm/diffusion/authoring";
import type { RunParts } from "@ddpm/runs";
import type { ImageLatents } from "@ddpm/runs/authoring";
import * as tf from "@tensorflow/tfjs-core";
import type { Prompt } from "./prompt.ts";

/** What to draw, and how. */
export interface DrawOptions {
  readonly parts: Pick<RunParts, "denoiser" | "parameterization" | "schedule" | "sampler" | "spacing">;
  /** Trained weights, or their average. */
  readonly params: Params;
  /** [H, W, C] of what is drawn: images, or latents. */
  readonly shape: ImageShape;
  /** Of a network that draws latents: stages are decoded. */
  readonly latents?: ImageLatents | undefined;
  readonly steps: number;
  readonly seed: number;
  /** Number of the first sample: sample k is the same whatever it is drawn with. */
  readonly first: number;
  readonly count: number;
  /** The wrapper that clips x̂_0 to the range; default: none. */
  readonly clip?: Spec;
  /** Class of all samples, or of each, [count]; and the guidance scale (1: none), of all or of each. */
  readonly label?: number | readonly number[];
  readonly guidance?: number | readonly number[];
  /** Share of the contrast that is brought back to that without guidance, 0 to 1; 0. */
  readonly rescale?: number;
  /** The text of all samples, or texts that they cycle through; guidance leads away from `negative`, by default from the empty text. */
  readonly prompt?: Prompt;
  /** Condition images, [count, H, W, C']. */
  readonly image?: Images;
  /** Times other than the spacing's, and images at the first of them, [count, H, W, C]; default: noise. */
  readonly trajectory?: { readonly times: ArrayLike<number>; readonly start?: Images };
  readonly backend: StartedBackend;
  readonly signal?: { readonly aborted: boolean };
}

/** A stage on the way from noise to images, read back. */
export interface Stage {
  /** Steps done; 0 is the noise. */
  readonly step: number;
  readonly count: number;
  /** Network calls so far. */
  readonly calls: number;
  /** x_t, [B, H, W, C]; of latents, their images. */
  readonly images: Images;
}

/**
 * Draws samples, and yields each stage for which `wanted` is true, and the last one.
 *
 * @param wanted whether to read back the images after this step
 */
export async function* draw(
  options: DrawOptions,
  wanted: (step: number, count: number) => boolean,
): AsyncGenerator<Stage, void> {
  const { parts, shape, seed, first, count, signal, trajectory } = options;
  const times = trajectory?.times ?? parts.spacing.times(options.steps, parts.schedule);
  const steps = times.length - 1;
  const start = trajectory?.start
    ? tf.tensor4d(trajectory.start.data, [...trajectory.start.shape])
    : undefined;
  const condition = conditionOf(options);
  const { prompt } = options;
  const without = prompt?.negative ? { tokens: rows(prompt.negative, count, prompt.length) } : {};
  const recorded = options.backend.compile && disposable(options.backend.compile);
  const frames = samplingLoop({
    denoise: denoiserOf(options, { condition, without }, recorded?.compile),
    schedule: parts.schedule,
    sampler: parts.sampler,
    times,
    ...(start ? { start } : {}),
    shape: [count, ...shape],
    random: random(seed).fork("sample"),
    first,
    selfCondition: parts.denoiser.takesGuess ?? false,
    ...(signal ? { signal } : {}),
  });
  try {
    for await (const { x, step, calls, done } of frames) {
      const total = parts.sampler.adaptive ? step : steps;
      const shown = done || (step < total && wanted(step, total)) ? await read(x) : undefined;
      const images = shown && options.latents ? await options.latents.decode(shown) : shown;
      if (done) x.dispose();
      if (images) yield { step, count: total, calls, images };
    }
  } finally {
    recorded?.dispose();
    tf.dispose([condition, without, start] as tf.TensorContainer);
  }
}

/** Draws to the end: the last stage of {@link draw}. */
export async function drawLast(options: DrawOptions, onStep: (step: number) => void): Promise<Images> {
  const wanted = (step: number): boolean => {
    onStep(step);
    return false;
  };
  let last: Images | undefined;
  for await (const { images } of draw(options, wanted)) last = images;
  return last!;
}

async function read(x: tf.Tensor): Promise<Images> {
  return { data: (await x.data()) as Float32Array, shape: x.shape as [number, number, number, number] };
}

function conditionOf({ label, count, image, prompt }: DrawOptions): Condition {
  const labels = typeof label === "number" ? new Array<number>(count).fill(label) : label;
  return {
    ...(labels ? { labels: tf.tensor1d([...labels], "int32") } : {}),
    ...(image ? { image: tf.tensor4d(image.data, [...image.shape]) } : {}),
    ...(prompt ? { tokens: rows(prompt.tokens, count, prompt.length) } : {}),
  };
}

/** One row for each sample, [count, L]. */
function rows(ids: Int32Array, count: number, length: number): tf.Tensor2D {
  const all = Int32Array.from({ length: count * length }, (_, i) => ids[i % ids.length]!);
  return tf.tensor2d(all, [count, length], "int32");
}

function denoiserOf(
  options: DrawOptions,
  { condition, without }: { readonly condition: Condition; readonly without: Condition },
  compiled: CompileStep | undefined,
) {
  const { parts, params, clip, guidance = 1, rescale = 0 } = options;
  const { denoiser, parameterization, schedule } = parts;
  const compile = compiled ? { compile: compiled } : {};
  const base = { denoiser, params, parameterization, schedule, ...compile };
  const conditional = denoiseWith({ ...base, condition });
  const denoise =
    guidance === 1
      ? conditional
      : classifierFree({
          conditional,
          unconditional: denoiseWith({ ...base, condition: unconditional(condition, without) }),
          scale: guidance,
          rescale,
        });
  const wrap: DenoiseWrapper = clip ? wrappers.create(clip) : (same) => same;
  return wrap(denoise);
}
