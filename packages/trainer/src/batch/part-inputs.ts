import { expectShape, fail, type Params, type Random } from "@ddpm/core";
import type { Samples } from "@ddpm/core/authoring";
import { sizeOf } from "@ddpm/core/authoring";
import { type LossInputs, lossColumns, tensorColumns } from "@ddpm/diffusion/authoring";
import * as tf from "@tensorflow/tfjs-core";
import type { TrainingLoopOptions } from "../loop/options.ts";
import { type ConditionInputs, drawConditions } from "./condition-inputs.ts";
import type { BatchOptions, Part } from "./part.ts";
import { drawMasks, type TrainingBehaviour } from "./training-behaviour.ts";

/** A part of a batch as tensors. */
export interface PartInputs extends LossInputs, Pick<ConditionInputs, "shown"> {
  /** Uniform numbers by dropout layer: see {@link drawMasks}. */
  readonly dropout: Params;
}

/**
 * Everything random and everything read, as tensors: image k's noise, time, label and masks are functions of
 * (seed, k) alone.
 *
 * @param images the whole batch, from image `begin` on
 * @returns tensors, the caller's to dispose
 */
export function partInputs(
  options: BatchOptions,
  root: Random,
  behaviour: TrainingBehaviour,
  images: Samples,
  begin: number,
  part: Part,
): PartInputs {
  const { first, count } = part;
  const size = sizeOf(options.images.shape);
  const shape = [count, ...options.images.shape];
  const start = first - begin;

  const eps = new Float32Array(count * size);
  const noise = root.fork("noise");
  for (let i = 0; i < count; i++) eps.set(noise.fork(first + i).normals(size), i * size);
  const range = { first, count, batch: options.batch };
  const drawn = options.times.draw(range, root.fork("times"), options.schedule);
  const columns = tensorColumns(lossColumns(drawn, options));
  const dropped = drawDropped(options, root, part);
  const labels = labelsOf(options, images, start, dropped);
  const tokens = tokensOf(options, images, start, dropped);

  return {
    x0: tf.tensor(images.data.subarray(start * size, (start + count) * size), shape),
    eps: tf.tensor(eps, shape),
    ...columns,
    ...(labels ? { labels: tf.tensor1d(labels, "int32") } : {}),
    ...(tokens ? { tokens } : {}),
    ...drawConditions(options, root, images, start, part),
    dropout: drawMasks(behaviour.masks, root, first, count, part.update),
  };
}

/** Reads images and checks that they are what was announced. */
export async function readImages(
  { images }: Pick<TrainingLoopOptions, "images">,
  first: number,
  count: number,
): Promise<Samples> {
  const read = await images.read(first, count);
  expectShape("trainer/part-inputs", `images ${first} … ${first + count - 1}`, read.shape, [
    count,
    ...images.shape,
  ]);
  return read;
}

/** Whether each image of a part goes without label and text, from image k's stream `labels`. */
function drawDropped(
  { labelDropout = 0 }: BatchOptions,
  root: Random,
  { first, count }: Part,
): readonly boolean[] {
  const coins = root.fork("labels");
  return Array.from({ length: count }, (_, i) => coins.fork(first + i).uniform() < labelDropout);
}

function labelsOf(
  { denoiser: { classes, name } }: BatchOptions,
  images: Samples,
  start: number,
  dropped: readonly boolean[],
): Int32Array | undefined {
  if (!classes) return undefined;
  const given =
    images.labels ??
    fail(
      "trainer/part-inputs",
      `${name} takes labels, but the images have none.`,
      "Build it without classes.",
    );
  return Int32Array.from(dropped, (none, i) => (none ? classes : given[start + i]!));
}

function tokensOf(
  { denoiser: { tokens: empty, name } }: BatchOptions,
  images: Samples,
  start: number,
  dropped: readonly boolean[],
): tf.Tensor2D | undefined {
  if (!empty) return undefined;
  const given =
    images.tokens ??
    fail(
      "trainer/part-inputs",
      `${name} reads captions, and the images have no ids of any.`,
      "Take them from `withTokens` of @ddpm/text.",
    );
  const { length } = empty;
  expectShape("trainer/part-inputs", "tokens", [given.length], [images.shape[0] * length]);
  const rows = new Int32Array(dropped.length * length);
  dropped.forEach((none, i) => {
    rows.set(none ? empty : given.subarray((start + i) * length, (start + i + 1) * length), i * length);
  });
  return tf.tensor2d(rows, [dropped.length, length], "int32");
}
