import { momentAt, random } from "@ddpm/core";
import { startFrom } from "@ddpm/diffusion";
import * as tf from "@tensorflow/tfjs-core";
import type { EditFlags } from "../../commands/edit/edit-options.ts";
import { createReporter } from "../../output/create-reporter.ts";
import { asUsage, UsageError } from "../../output/usage.ts";
import type { DrawOptions } from "../draw.ts";
import { hashOfValues } from "../hashes.ts";
import { type Model, openModel } from "../open-model.ts";
import { clipping, shown } from "../pictures.ts";
import { slice, sourceImages } from "../source-images.ts";
import { asSamples, drawAll, finish, openFolder } from "./draw-all.ts";

/** The options of `ddpm edit`. */
export interface EditVerbFlags extends EditFlags {
  readonly strength: number;
}

/** Noises images part of the way and denoises them again. */
export async function runEdit(run: string, source: string, flags: EditVerbFlags): Promise<void> {
  const reporter = createReporter(Boolean(flags.json));
  const { strength, count, skip } = flags;
  if (!(strength > 0 && strength <= 1))
    throw new UsageError("--strength expects a number above 0, at most 1.");
  const model = await asUsage(() => openModel("edit", run, flags, reporter));
  const { config, shape, parts } = model;
  const { range } = config.data;
  const { images } = await asUsage(() =>
    sourceImages(source, { data: config.data, shape, count, skip, say: reporter.say }),
  );
  const noisable = await asSamples(model, images);
  const times = lastShare(model, strength);
  const out = await openFolder(model, flags, "edited", { strength, images: hashOfValues(images.data) });
  const started = performance.now();
  const optionsOf = (first: number, own: number): DrawOptions => {
    const drawing = model.drawing(first, own);
    const batch = slice(noisable, first, own);
    const noised = tf.tidy(() => {
      const seeds = { random: random(flags.seed).fork("sample"), first, shape: batch.shape };
      const at = momentAt(parts.schedule, times[0]!);
      return startFrom(tf.tensor4d(batch.data, [...batch.shape]), at, seeds);
    });
    const start = { data: noised.dataSync() as Float32Array, shape: batch.shape };
    noised.dispose();
    const clip = clipping(config);
    return { ...drawing, ...clip, trajectory: { times, start } };
  };
  const made = await drawAll(reporter, images.shape[0], times.length - 1, optionsOf);
  model.close();
  const pictures = shown(made, range);
  const tiles = [...shown(images, range), ...pictures];
  const facts = { steps: times.length - 1, t: times[0] };
  await finish(reporter, model, out, { pictures, tiles, columns: pictures.length, started, facts });
}

/** The end of a model's way: as many of its steps as `strength` says, at least one. */
function lastShare({ times }: Model, strength: number): Float64Array {
  const steps = Math.max(1, Math.round((times.length - 1) * strength));
  return times.slice(-steps - 1);
}
