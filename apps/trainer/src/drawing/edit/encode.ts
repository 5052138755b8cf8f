import { join } from "node:path";
import { fail, type Images, type NoiseSchedule, type Sampler } from "@ddpm/core";
import { writeFileAtomic } from "@ddpm/runs/node/authoring";
import { safetensorsChunks } from "@ddpm/weights";
import type { EditFlags } from "../../commands/edit/edit-options.ts";
import { createReporter } from "../../output/create-reporter.ts";
import type { Reporter } from "../../output/reporter.ts";
import { asUsage } from "../../output/usage.ts";
import { hashOfValues } from "../hashes.ts";
import { type Model, openModel } from "../open-model.ts";
import { shown } from "../pictures.ts";
import { sourceImages } from "../source-images.ts";
import { asSamples, drawAll, finish, openFolder, startingFrom } from "./draw-all.ts";

/** Finds the noise of images, and draws them from it again. */
export async function runEncode(run: string, source: string, flags: EditFlags): Promise<void> {
  const reporter = createReporter(Boolean(flags.json));
  const model = await asUsage(() => openModel("encode", run, flags, reporter));
  await asUsage(() => checkDeterministic("encode", model.parts.sampler));
  const { shape, config } = model;
  const { range } = config.data;
  const { count, skip } = flags;
  const { images } = await asUsage(() =>
    sourceImages(source, { data: config.data, shape, count, skip, say: reporter.say }),
  );
  const out = await openFolder(model, flags, "encoded", { images: hashOfValues(images.data) });
  const started = performance.now();
  const noise = await encoded(model, images, reporter);
  const again = await decoded(model, noise, reporter);
  const pictures = shown(again, range);
  const noises = shown(model.latents ? await model.latents.decode(noise) : halved(noise), "symmetric");
  const tiles = [...shown(images, range), ...noises, ...pictures];
  model.close();
  // In units of [−1, 1] whatever the run's range.
  const scale = range === "unit" ? 2 : 1;
  const error = scale * rootMeanSquare(images.data.map((value, i) => value - again.data[i]!));
  const facts = { noise: join(out, "noise.safetensors"), error, deviation: rootMeanSquare(noise.data) };
  await finish(reporter, model, out, { pictures, tiles, columns: pictures.length, started, facts });
  await writeFileAtomic(facts.noise, noiseFile(noise));
  reporter.say(
    `${facts.noise}: deviation ${facts.deviation.toFixed(3)}; drawn again, pixels differ by ${error.toFixed(4)}`,
  );
}

/** @throws DdpmError for a sampler that adds noise or chooses its own steps: it has no way back */
export function checkDeterministic(verb: string, { name, order, adaptive }: Sampler): void {
  if (order > 0 && !adaptive) return;
  fail(`cli/${verb}`, `${name} ${adaptive ? "chooses its own steps" : "adds noise"}.`, "Take ddim or dpm-2.");
}

/** The noise of images, [B, H, W, C], of latents in their shape: from the first noisy level up the model's own way. Nothing is clipped. */
export async function encoded(model: Model, images: Images, reporter: Reporter): Promise<Images> {
  const times = upwards(model.times, model.parts.schedule);
  const start = await asSamples(model, images);
  return drawAll(reporter, images.shape[0], times.length - 1, (first, count) => ({
    ...startingFrom(model.drawing(first, count), start, times),
    // Noise is what the network ends with, and not to be decoded.
    latents: undefined,
  }));
}

/** The images of noise, [B, H, W, C]. Nothing is clipped, so that what was encoded comes back. */
export function decoded(model: Model, noise: Images, reporter: Reporter): Promise<Images> {
  const { times } = model;
  return drawAll(reporter, noise.shape[0], times.length - 1, (first, count) =>
    startingFrom(model.drawing(first, count), noise, times),
  );
}

/** Below this time images count as clean where a schedule has no steps. */
const NEARLY_CLEAN = 1e-3;

/** The way up: clean images are taken for those of the first step, where a network can still tell noise. */
function upwards(times: Float64Array, { steps }: NoiseSchedule): Float64Array {
  const first = steps === undefined ? NEARLY_CLEAN : 1 / steps;
  return Float64Array.from([first, ...times.filter((t) => t > first).reverse()]);
}

/** Noise is mostly within ±2: half of it is a picture. */
function halved({ data, shape }: Images): Images {
  return { data: data.map((value) => value / 2), shape };
}

function rootMeanSquare(values: Float32Array): number {
  return Math.sqrt(values.reduce((sum, value) => sum + value ** 2, 0) / values.length);
}

function noiseFile({ data, shape }: Images): Uint8Array[] {
  return safetensorsChunks({ noise: { dtype: "F32", shape: [...shape], data } });
}
