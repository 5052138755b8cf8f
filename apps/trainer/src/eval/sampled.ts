import { createHash } from "node:crypto";
import { existsSync } from "node:fs";
import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { random, type Sampler, type Spacing } from "@ddpm/core";
import { samplers, samplingLoop } from "@ddpm/diffusion";
import { whileLocked, writeFileAtomic } from "@ddpm/runs/node";
import { spacings } from "@ddpm/schedules";
import * as tf from "@tensorflow/tfjs";
import { type AnySpec, makerOf } from "../config/user-plugins.ts";
import { type DrawOptions, draw } from "../run/draw.ts";
import { hashOfWeights } from "../run/hashes.ts";
import { turns } from "../run/labels.ts";
import type { Model } from "../run/open-model.ts";
import { clipping, shown } from "../run/pictures.ts";
import { bytesOf, npyOf } from "./npy.ts";

/** Everything that samples depend on besides the weights: kept samples are found by it. */
export interface SampleSettings {
  readonly sampler: AnySpec;
  readonly spacing: AnySpec;
  readonly steps: number;
  readonly seed: number;
  /** Classes that take turns; null: the network knows none, or is asked for none. */
  readonly label: readonly number[] | null;
  readonly guidance: number;
  /** Pictures drawn at a time: on some backends the last bits depend on it. */
  readonly batch: number;
}

/** Samples, and what they cost. */
export interface Sampled {
  /** [count, H, W, C], 0 … 255: as a file would hold them. */
  readonly bytes: Uint8Array;
  readonly shape: readonly [count: number, height: number, width: number, channels: number];
  /** Network calls for one picture; the mean over batches where the sampler chooses its steps. */
  readonly calls: number;
  /** Where they are kept. */
  readonly folder: string;
}

/** A trained network as something to be judged. */
export interface Judged {
  readonly model: Model;
  /** Folder of the run. */
  readonly run: string;
  /** Follows every weight. */
  readonly weights: string;
}

/** Fingerprints the weights that a model draws with. */
export async function judged(model: Model, run: string): Promise<Judged> {
  return { model, run, weights: await hashOfWeights(model.drawing(0, 1).params) };
}

/** Folder of the samples of these weights with these settings. */
export function folderOf({ model, run, weights }: Judged, settings: SampleSettings): string {
  const { sampler, spacing, steps, seed, label, guidance, batch } = settings;
  const said = JSON.stringify({
    ...{ sampler, spacing, steps, seed, label, guidance, batch },
    weights,
    clip: model.config.sample.clip,
    schedule: model.config.schedule,
    backend: model.backend.name,
  });
  return join(run, "eval", createHash("sha256").update(said).digest("hex").slice(0, 16));
}

/**
 * The first `count` samples, read where they are kept, drawn and kept otherwise: sample k follows from the seed and k.
 * A batch is written whole or not at all, so whoever is stopped goes on with the batch that was being drawn.
 *
 * @param onBatch told how many pictures there are after each batch, and whether they had to be drawn
 * @throws DdpmError for a sampler or spacing that does not exist or does not fit
 */
export async function sampled(
  judged: Judged,
  settings: SampleSettings,
  count: number,
  onBatch: (done: number, drawn: boolean) => void,
): Promise<Sampled> {
  const work = (): Promise<Sampled> => sampledHere(judged, settings, count, onBatch);
  return allKept(judged, settings, count) ? work() : whileLocked(folderOf(judged, settings), work);
}

async function sampledHere(
  judged: Judged,
  settings: SampleSettings,
  count: number,
  onBatch: (done: number, drawn: boolean) => void,
): Promise<Sampled> {
  const { model } = judged;
  const folder = folderOf(judged, settings);
  const { batch } = settings;
  const size = model.shape.reduce((product, side) => product * side, 1);
  const bytes = new Uint8Array(count * size);
  let calls = 0;
  for (let first = 0; first < count; first += batch) {
    const name = join(folder, `samples-${String(first).padStart(6, "0")}`);
    const shape = [batch, ...model.shape];
    let part = await kept(name, shape);
    if (!part) {
      const options = await drawOptions(judged, settings, first);
      let last: { readonly calls: number; readonly bytes: Uint8Array } | undefined;
      for await (const stage of draw(options, () => false)) {
        const pictures = shown(stage.images, model.config.data.range);
        const joined = new Uint8Array(batch * size);
        for (const [k, { data }] of pictures.entries()) joined.set(data, k * size);
        last = { calls: stage.calls, bytes: joined };
      }
      // The pictures last: where they are, all is.
      await writeFileAtomic(`${name}.json`, `${JSON.stringify({ calls: last!.calls, ...settings })}\n`);
      await writeFileAtomic(`${name}.npy`, npyOf(last!.bytes, shape));
      part = last!;
      onBatch(Math.min(count, first + batch), true);
    } else onBatch(Math.min(count, first + batch), false);
    bytes.set(part.bytes.subarray(0, Math.min(batch, count - first) * size), first * size);
    calls += part.calls / Math.ceil(count / batch);
  }
  return { bytes, shape: [count, ...model.shape], calls, folder };
}

/** Whether all of them are there already. */
export function allKept(judged: Judged, settings: SampleSettings, count: number): boolean {
  const folder = folderOf(judged, settings);
  for (let first = 0; first < count; first += settings.batch) {
    if (!existsSync(join(folder, `samples-${String(first).padStart(6, "0")}.npy`))) return false;
  }
  return true;
}

/** Network calls that a walk of so many steps takes, counted on a network that sees only black. */
export async function callsOf(
  sampler: Sampler,
  spacing: Spacing,
  steps: number,
  model: Model,
): Promise<number> {
  const { schedule } = model.parts;
  const frames = samplingLoop({
    denoise: (x) => ({ x0: tf.zerosLike(x) }),
    schedule,
    sampler,
    times: spacing.times(steps, schedule),
    shape: [1, 1, 1, 1],
    random: random(0),
  });
  let network = 0;
  for await (const { calls, done, x } of frames) {
    network = calls;
    if (done) x.dispose();
  }
  return network;
}

/** The sampler and the spacing that settings name. */
export async function partsOf(
  settings: Pick<SampleSettings, "sampler" | "spacing">,
): Promise<{ readonly sampler: Sampler; readonly spacing: Spacing }> {
  return {
    sampler: (await makerOf(samplers, settings.sampler))(),
    spacing: (await makerOf(spacings, settings.spacing))(),
  };
}

async function drawOptions({ model }: Judged, settings: SampleSettings, first: number): Promise<DrawOptions> {
  const { label, steps, seed, guidance, batch } = settings;
  return {
    ...model.drawing(first, batch),
    parts: { ...model.parts, ...(await partsOf(settings)) },
    ...{ steps, seed, guidance, first, count: batch },
    ...(label ? { label: turns(label, first, batch) } : {}),
    ...clipping(model.config),
  };
}

async function kept(
  name: string,
  shape: readonly number[],
): Promise<{ readonly calls: number; readonly bytes: Uint8Array } | undefined> {
  if (!existsSync(`${name}.npy`) || !existsSync(`${name}.json`)) return undefined;
  const bytes = bytesOf(await readFile(`${name}.npy`), name, shape);
  const { calls } = JSON.parse(await readFile(`${name}.json`, "utf8")) as { readonly calls: number };
  return bytes && { calls, bytes };
}
