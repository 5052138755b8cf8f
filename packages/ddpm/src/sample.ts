import type { Condition, DenoiseWrapper, Images, Spec } from "@ddpm/core";
import { fail, random } from "@ddpm/core";
import {
  classifierFree,
  clip as clipped,
  denoiseWith,
  type Frame,
  samplers,
  samplingLoop,
  wrappers,
} from "@ddpm/diffusion";
import { unconditional } from "@ddpm/diffusion/authoring";
import { spacings } from "@ddpm/schedules";
import * as tf from "@tensorflow/tfjs-core";
import { currentCompile } from "./compile.ts";
import { fromSpec } from "./from-spec.ts";
import type { SampleSettings, TrainedModel } from "./model.ts";
import { type Run, runOf } from "./run.ts";

/** Options of {@link sample}. */
export interface SampleOptions extends SampleSettings {
  /** Number of images; 16. */
  readonly count?: number;
  /** Whole number ≥ 0; 0. */
  readonly seed?: number;
  /** Class of all images, or of each, [count], as a label or a class name; default: none. */
  readonly label?: number | string | readonly (number | string)[];
  /** Strength of classifier-free guidance, for a model that was trained with label dropout; 1: none. */
  readonly guidance?: number;
  /** Looked at before each step; an AbortSignal fits. */
  readonly signal?: { readonly aborted: boolean };
}

/** The state of sampling after a step; all tensors are lent until the next frame is asked for. */
export interface SampleFrame extends Frame {
  /** The samples, [count, H, W, C] in [−1, 1], in the last frame. */
  readonly images?: Images;
}

/**
 * Samples images from a trained model: `await` it for the images, or follow it frame by frame with `for await`.
 *
 * @returns images [count, H, W, C] in [−1, 1]
 * @throws DdpmError for options that do not fit the model
 */
export function sample(model: TrainedModel, options: SampleOptions = {}): Run<SampleFrame, Images> {
  return runOf(
    "sample",
    () => frames(model, options),
    ({ images }) => images!,
  );
}

async function* frames(model: TrainedModel, options: SampleOptions): AsyncGenerator<SampleFrame, void> {
  const { count = 16, seed = 0, guidance = 1, signal } = options;
  const { denoiser, schedule, parameterization, params, range = "symmetric" } = model;
  const settings: SampleSettings = { ...model.sampling, ...options };
  const { steps = 50, sampler = "ddim", spacing = "trailing", clip = true } = settings;
  const condition = conditionOf(model, options, count);
  const compile = await currentCompile();
  const base = { denoiser, schedule, parameterization, params, ...(compile ? { compile } : {}) };
  const conditional = denoiseWith({ ...base, condition });
  const guided =
    guidance === 1
      ? conditional
      : classifierFree({
          conditional,
          unconditional: denoiseWith({ ...base, condition: unconditional(condition) }),
          scale: guidance,
        });
  let samples: tf.Tensor | undefined;
  try {
    const loop = samplingLoop({
      denoise: clipOf(clip, range)(guided),
      schedule,
      sampler: fromSpec(sampler, samplers, "step"),
      times: fromSpec(spacing, spacings, "times").times(steps, schedule),
      shape: [count, ...model.shape],
      random: random(seed).fork("sample"),
      selfCondition: denoiser.takesGuess ?? false,
      ...(signal ? { signal } : {}),
    });
    for await (const frame of loop) {
      if (frame.done) samples = frame.x;
      yield frame.done ? { ...frame, images: await imagesOf(frame.x, range) } : frame;
    }
  } finally {
    tf.dispose([condition, samples] as tf.TensorContainer);
  }
}

function conditionOf(
  { denoiser, classes }: TrainedModel,
  { label }: SampleOptions,
  count: number,
): Condition {
  if (label === undefined) return {};
  if (!denoiser.classes)
    fail("ddpm/sample", `a label is given, but ${denoiser.name} takes none.`, "Leave it out.");
  const labels = Array.isArray(label)
    ? label
    : new Array<number | string>(count).fill(label as number | string);
  if (labels.length !== count)
    fail("ddpm/sample", `${labels.length} labels for ${count} images, expected one or ${count}.`);
  const numbers = labels.map((one: number | string) => labelOf(one, denoiser.classes!, classes));
  return { labels: tf.tensor1d(numbers, "int32") };
}

function labelOf(label: number | string, count: number, classes: readonly string[] = []): number {
  const number = typeof label === "number" ? label : classes.indexOf(label);
  if (Number.isInteger(number) && number >= 0 && number < count) return number;
  const expected =
    classes.length > 0 ? `one of ${classes.join(", ")}` : `a whole number from 0 to ${count - 1}`;
  return fail("ddpm/sample", `label ${JSON.stringify(label)}, expected ${expected}.`);
}

type Range = NonNullable<TrainedModel["range"]>;

function clipOf(clip: boolean | Spec, range: Range): DenoiseWrapper {
  if (clip === false) return (same) => same;
  if (clip !== true) return wrappers.create(clip);
  return clipped(range === "unit" ? { min: 0, max: 1 } : {});
}

/** Read back, in [−1, 1] whatever the range of the model. */
async function imagesOf(x: tf.Tensor, range: Range): Promise<Images> {
  const data = (await x.data()) as Float32Array;
  const shape = x.shape as [number, number, number, number];
  return { data: range === "unit" ? data.map((value) => 2 * value - 1) : data, shape };
}
