import type { Images } from "@ddpm/core";
import { repaint, repaintTimes } from "@ddpm/diffusion";
import * as tf from "@tensorflow/tfjs-core";
import type { EditFlags } from "../../commands/edit/edit-options.ts";
import { createReporter } from "../../output/create-reporter.ts";
import { asUsage } from "../../output/usage.ts";
import { hashOfValues } from "../hashes.ts";
import { greyOf } from "../image-range.ts";
import { openModel } from "../open-model.ts";
import { paintMask } from "../paint-mask.ts";
import { clipping, shown } from "../pictures.ts";
import { slice, sourceImages } from "../source-images.ts";
import { asSamples, drawAll, finish, openFolder } from "./draw-all.ts";

/** The options of `ddpm inpaint`. */
export interface InpaintFlags extends EditFlags {
  readonly mask: string;
  readonly jump: number;
  readonly repeats: number;
}

/** Redraws a part of images. */
export async function runInpaint(run: string, source: string, flags: InpaintFlags): Promise<void> {
  const reporter = createReporter(Boolean(flags.json));
  const { count, skip, jump, repeats } = flags;
  const model = await asUsage(() => openModel("inpaint", run, flags, reporter));
  const { config, shape, parts } = model;
  const { range } = config.data;
  const { images, paint } = await asUsage(async () => {
    const own = { data: config.data, shape };
    const { images, pictures } = await sourceImages(source, { ...own, count, skip, say: reporter.say });
    return { images, paint: await paintMask(flags.mask, own, pictures) };
  });
  const known = await asSamples(model, images);
  const [rows, columns] = [known.shape[1], known.shape[2]];
  const keep = thinned(paint, shape, [rows, columns]).map((value) => 1 - value);
  const times = repaintTimes(model.times, jump, repeats);
  const drawn = hashOfValues(images.data, paint);
  const out = await openFolder(model, flags, "inpainted", { jump, repeats, images: drawn });
  const started = performance.now();
  const lent: tf.Tensor[] = [];
  const made = await drawAll(reporter, images.shape[0], times.length - 1, (first, own) => {
    const batch = slice(known, first, own);
    const image = tf.tensor4d(batch.data, [...batch.shape]);
    const mask = tf.tensor4d(keep, [1, rows, columns, 1]);
    lent.push(image, mask);
    const clip = clipping(config);
    const sampler = repaint({ image, mask });
    return { ...model.drawing(first, own), ...clip, parts: { ...parts, sampler }, trajectory: { times } };
  });
  tf.dispose(lent);
  model.close();
  const pictures = shown(made, range);
  const tiles = [
    ...shown(images, range),
    ...shown(greyed(images, paint, greyOf(config.data)), range),
    ...pictures,
  ];
  const facts = { steps: times.length - 1 };
  await finish(reporter, model, out, { pictures, tiles, columns: pictures.length, started, facts });
}

/** What is painted of a coarser grid, as latents have one: whatever has a painted pixel, so that nothing painted is kept. */
function thinned(
  paint: Float32Array,
  [, width]: readonly number[],
  [rows, columns]: readonly [number, number],
): Float32Array {
  const factor = width! / columns;
  const made = new Float32Array(rows * columns);
  for (const [i, value] of paint.entries()) {
    const at = Math.floor(i / width! / factor) * columns + Math.floor((i % width!) / factor);
    made[at] = Math.max(made[at]!, value);
  }
  return made;
}

/** The images with grey where they are painted. */
function greyed({ data, shape }: Images, paint: Float32Array, grey: number): Images {
  const channels = shape[3];
  const painted = (i: number): boolean => paint[Math.floor(i / channels) % paint.length] === 1;
  return { data: data.map((value, i) => (painted(i) ? grey : value)), shape };
}
