import type { Condition, Images, Sampler, Spacing, Spec } from "@ddpm/core";
import { fail, random } from "@ddpm/core";
import {
  classifierFree,
  clip as clipped,
  denoiseWith,
  type Frame,
  samplers,
  samplingLoop,
} from "@ddpm/diffusion";
import { spacings } from "@ddpm/schedules";
import * as tf from "@tensorflow/tfjs-core";
import { currentCompile } from "./compile.ts";
import { fromSpec } from "./from-spec.ts";
import type { TrainedModel } from "./model.ts";
import { type Run, runOf } from "./run.ts";

/** Options of {@link sample}. */
export interface SampleOptions {
  /** Number of images; 16. */
  readonly count?: number;
  /** Steps from noise to images; 50. */
  readonly steps?: number;
  /** Default: ddim. */
  readonly sampler?: Sampler | Spec;
  /** Where the steps are; default: trailing. */
  readonly spacing?: Spacing | Spec;
  /** Whole number ≥ 0; 0. */
  readonly seed?: number;
  /** Class of all images, or of each, [count], as a label or a class name; default: none. */
  readonly label?: number | string | readonly (number | string)[];
  /** Strength of classifier-free guidance, for a model that was trained with label dropout; 1: none. */
  readonly guidance?: number;
  /** Keep the prediction of the clean images in [−1, 1] at every step; true. */
  readonly clip?: boolean;
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
  const { count = 16, steps = 50, seed = 0, guidance = 1, clip = true, signal } = options;
  const { denoiser, schedule, parameterization, params } = model;
  const { sampler = "ddim", spacing = "trailing" } = options;
  const condition = conditionOf(model, options, count);
  const compile = await currentCompile();
  const base = { denoiser, schedule, parameterization, params, ...(compile ? { compile } : {}) };
  const conditional = denoiseWith({ ...base, condition });
  const guided =
    guidance === 1
      ? conditional
      : classifierFree({ conditional, unconditional: denoiseWith(base), scale: guidance });
  let samples: tf.Tensor4D | undefined;
  try {
    const loop = samplingLoop({
      denoise: clip ? clipped()(guided) : guided,
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
      yield frame.done ? { ...frame, images: await imagesOf(frame.x) } : frame;
    }
  } finally {
    tf.dispose([condition.labels, samples] as tf.TensorContainer);
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

async function imagesOf(x: tf.Tensor4D): Promise<Images> {
  return { data: (await x.data()) as Float32Array, shape: x.shape };
}
