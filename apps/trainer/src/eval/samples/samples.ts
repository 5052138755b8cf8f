import { createHash } from "node:crypto";
import { existsSync } from "node:fs";
import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { random, type Sampler, type Spacing } from "@ddpm/core";
import { sizeOf } from "@ddpm/core/authoring";
import { samplers, samplingLoop } from "@ddpm/diffusion";
import type { AnySpec } from "@ddpm/runs/authoring";
import { whileLocked, writeFileAtomic } from "@ddpm/runs/node/authoring";
import { spacings } from "@ddpm/schedules";
import * as tf from "@tensorflow/tfjs-core";
import { makerOf } from "../../config/user-plugins.ts";
import { type DrawOptions, draw } from "../../drawing/draw.ts";
import { hashOfWeights } from "../../drawing/hashes.ts";
import { turns } from "../../drawing/labels.ts";
import type { Model } from "../../drawing/open-model.ts";
import { clipping, shown } from "../../drawing/pictures.ts";
import { promptsOf } from "../../drawing/prompt.ts";
import { bytesOf, npyOf } from "./npy.ts";

/** Everything that samples depend on besides the weights; the key of cached samples. */
export interface SampleSettings {
  readonly sampler: AnySpec;
  readonly spacing: AnySpec;
  readonly steps: number;
  readonly seed: number;
  /** Classes that samples cycle through; null: unconditional. */
  readonly label: readonly number[] | null;
  readonly guidance: number;
  /** Captions that samples cycle through, for a network that reads them. */
  readonly captions?: readonly string[];
  /** Images per batch: on some backends the last bits depend on it. */
  readonly batch: number;
}

/** Samples, and their cost. */
export interface SampleSet {
  /** [count, H, W, C], 0 … 255. */
  readonly bytes: Uint8Array;
  readonly shape: readonly [count: number, height: number, width: number, channels: number];
  /** Network calls per image; the mean over batches for a sampler with adaptive steps. */
  readonly calls: number;
  /** Caption of each, where they were drawn from captions. */
  readonly captions?: readonly string[];
  /** Folder that caches them. */
  readonly folder: string;
}

/** A trained network that samples are drawn from. */
export interface SampleSource {
  readonly model: Model;
  /** Folder of the run. */
  readonly run: string;
  /** Hash of all weights. */
  readonly weights: string;
}

/** Hashes the weights that a model draws with. */
export async function sampleSource(model: Model, run: string): Promise<SampleSource> {
  return { model, run, weights: await hashOfWeights(model.drawing(0, 1).params) };
}

/** Folder of the samples of these weights with these settings. */
function samplesFolder({ model, run, weights }: SampleSource, settings: SampleSettings): string {
  const { sampler, spacing, steps, seed, label, guidance, captions, batch } = settings;
  const key = JSON.stringify({
    ...{ sampler, spacing, steps, seed, label, guidance, captions, batch },
    weights,
    clip: model.config.sample.clip,
    schedule: model.config.schedule,
    backend: model.backend.name,
  });
  return join(run, "eval", createHash("sha256").update(key).digest("hex").slice(0, 16));
}

/**
 * The first `count` samples, read from the cache or drawn: sample k follows from the seed and k. Batches are written
 * atomically, so a stopped run redraws only the current one.
 *
 * @param onBatch called after each batch with the number of samples so far, and whether the batch was drawn
 * @throws DdpmError for a sampler or spacing that does not exist or does not fit
 */
export async function drawSamples(
  source: SampleSource,
  settings: SampleSettings,
  count: number,
  onBatch: (done: number, drawn: boolean) => void,
): Promise<SampleSet> {
  const work = (): Promise<SampleSet> =>
    drawInto(samplesFolder(source, settings), source, settings, count, onBatch);
  return areCached(source, settings, count) ? work() : whileLocked(samplesFolder(source, settings), work);
}

async function drawInto(
  folder: string,
  source: SampleSource,
  settings: SampleSettings,
  count: number,
  onBatch: (done: number, drawn: boolean) => void,
): Promise<SampleSet> {
  const { shape } = source.model;
  const { batch } = settings;
  const size = sizeOf(shape);
  const bytes = new Uint8Array(count * size);
  let calls = 0;
  for (let first = 0; first < count; first += batch) {
    const name = batchFile(folder, first);
    const cached = await readBatch(name, [batch, ...shape]);
    const part = cached ?? (await drawBatch(name, source, settings, first));
    onBatch(Math.min(count, first + batch), !cached);
    bytes.set(part.bytes.subarray(0, Math.min(batch, count - first) * size), first * size);
    calls += part.calls / Math.ceil(count / batch);
  }
  const { captions } = settings;
  return {
    ...{ bytes, shape: [count, ...shape], calls, folder },
    ...(captions ? { captions: turns(captions, 0, count) } : {}),
  };
}

/** Samples of one batch, and the network calls of each. */
interface SampleBatch {
  readonly calls: number;
  readonly bytes: Uint8Array;
}

async function drawBatch(
  name: string,
  source: SampleSource,
  settings: SampleSettings,
  first: number,
): Promise<SampleBatch> {
  const { shape, config } = source.model;
  const { batch } = settings;
  const size = sizeOf(shape);
  const bytes = new Uint8Array(batch * size);
  let calls = 0;
  for await (const stage of draw(await drawOptions(source, settings, first), () => false)) {
    for (const [k, { data }] of shown(stage.images, config.data.range).entries()) bytes.set(data, k * size);
    calls = stage.calls;
  }
  // The images last: a batch with images is complete.
  const captions = settings.captions && turns(settings.captions, first, batch);
  await writeFileAtomic(`${name}.json`, `${JSON.stringify({ calls, ...settings, captions })}\n`);
  await writeFileAtomic(`${name}.npy`, npyOf(bytes, [batch, ...shape]));
  return { calls, bytes };
}

function batchFile(folder: string, first: number): string {
  return join(folder, `samples-${String(first).padStart(6, "0")}`);
}

/** Whether all of them are cached. */
export function areCached(source: SampleSource, settings: SampleSettings, count: number): boolean {
  const folder = samplesFolder(source, settings);
  for (let first = 0; first < count; first += settings.batch) {
    if (!existsSync(`${batchFile(folder, first)}.npy`)) return false;
  }
  return true;
}

/** Network calls of a sampling run with so many steps, counted with a network that predicts black. */
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

async function drawOptions(
  { model }: SampleSource,
  settings: SampleSettings,
  first: number,
): Promise<DrawOptions> {
  const { label, steps, seed, guidance, captions, batch } = settings;
  return {
    ...model.drawing(first, batch),
    parts: { ...model.parts, ...(await partsOf(settings)) },
    ...{ steps, seed, guidance, first, count: batch },
    ...(label ? { label: turns(label, first, batch) } : {}),
    ...(captions
      ? { prompt: promptsOf("cli/eval", turns(captions, first, batch), model.parts.tokenizer!) }
      : {}),
    ...clipping(model.config),
  };
}

async function readBatch(name: string, shape: readonly number[]): Promise<SampleBatch | undefined> {
  if (!existsSync(`${name}.npy`) || !existsSync(`${name}.json`)) return undefined;
  const bytes = bytesOf(await readFile(`${name}.npy`), name, shape);
  const { calls } = JSON.parse(await readFile(`${name}.json`, "utf8")) as { readonly calls: number };
  return bytes && { calls, bytes };
}
