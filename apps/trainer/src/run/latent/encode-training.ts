import { join } from "node:path";
import { autoencoders } from "@ddpm/autoencoder";
import { measureEncoded } from "@ddpm/autoencoder/authoring";
import type { StartedBackend } from "@ddpm/backends/authoring";
import { type Dataset, fail, type ImageStream, type Params } from "@ddpm/core";
import type { Autoencoder } from "@ddpm/core/authoring";
import { imageStream } from "@ddpm/data";
import { memoryStorage, type RunConfig } from "@ddpm/runs";
import {
  autoencoderHash,
  encodedImages,
  type ImageLatents,
  imageLatents,
  latentStream,
  readAutoencoder,
  readRunConfig,
  streamSettings,
} from "@ddpm/runs/authoring";
import { fsStorage } from "@ddpm/runs/node";
import { plainStreamOf, type RunImages } from "@ddpm/runs/node/authoring";
import * as tf from "@tensorflow/tfjs-core";
import { loadModules } from "../../config/user-plugins.ts";
import type { Reporter } from "../../output/reporter.ts";
import type { RunFolder } from "../folder.ts";
import { openAutoencoder } from "./open-autoencoder.ts";

/** Encoded images that are measured at a time. */
const MEASURED = 256;

/** The autoencoder of a run that works in its latents. */
export interface LatentSource {
  /** The configuration, which now says whose latents they are. */
  readonly config: RunConfig;
  readonly autoencoder: Autoencoder;
  /** The caller's to dispose. */
  readonly params: Params;
}

/**
 * Opens the autoencoder of a run: the run's own copy where it has begun, else the one that the configuration names.
 *
 * @throws DdpmError where there is none, and for settings that have no meaning in latents
 */
export async function latentSource(
  config: RunConfig,
  folder: RunFolder,
  begun: boolean,
): Promise<LatentSource> {
  refuseOfImages(config);
  const { latent } = config;
  const own = begun ? await readRunConfig(folder.storage) : undefined;
  if (own && !own.latent)
    fail("cli/encode-training", `${folder.path} is a run on images, and not on latents.`);
  const path = latent?.autoencoder ?? own?.latent?.autoencoder;
  if (path === undefined) {
    fail(
      "cli/encode-training",
      "no autoencoder is named.",
      "Give --autoencoder RUN, of `ddpm train autoencoder`, or the folder of a published one.",
    );
  }
  const { network, params } = own
    ? { network: own.latent!.network!, params: await readAutoencoder(folder.storage, own) }
    : await openAutoencoder(path);
  const create = await loadModules(config);
  const sha256 = await autoencoderHash(params, folder.storage);
  const { scale, shift } = { ...own?.latent, ...latent };
  const measured = { ...(scale === undefined ? {} : { scale }), ...(shift === undefined ? {} : { shift }) };
  return {
    config: { ...config, latent: { ...latent!, autoencoder: path, network, sha256, ...measured } },
    autoencoder: create(autoencoders, network),
    params,
  };
}

/** Settings that are of images, and would do nothing, or something else, to latents. */
function refuseOfImages({ data, condition, heldOut }: RunConfig): void {
  const { stream } = streamSettings(data);
  const given = [
    data.range === "unit" ? "data.range=unit" : undefined,
    stream.crop === undefined ? undefined : "data.crop",
    stream.augment === undefined ? undefined : "data.augment",
    condition === undefined ? undefined : "condition",
    heldOut && nameOf(heldOut.metric) !== "objective-loss" ? "heldOut.metric" : undefined,
  ].find((one) => one !== undefined);
  if (given)
    fail("cli/encode-training", `${given} is given, and the network is trained on latents.`, "Leave it out.");
}

function nameOf(metric: unknown): unknown {
  return typeof metric === "object" && metric !== null && "name" in metric ? metric.name : metric;
}

/** A training set, encoded. */
export interface EncodedTraining {
  readonly config: RunConfig;
  /** The encoded images: twice as many where mirror images count. */
  readonly images: Dataset;
  readonly stream: ImageStream;
  /** Of other images, in their own order. */
  plain(images: RunImages): Promise<ImageStream>;
  readonly latents: ImageLatents;
}

/**
 * Encodes the images of a run once, measures their scale where the configuration gives none, and makes the stream of their
 * latents.
 *
 * @param dry writes nothing
 * @throws DdpmError for images that the autoencoder does not take
 */
export async function encodeTraining(
  { config, autoencoder, params }: LatentSource,
  images: RunImages,
  given: {
    readonly folder: RunFolder;
    readonly backend: StartedBackend;
    readonly reporter: Reporter;
    readonly dry: boolean;
  },
): Promise<EncodedTraining> {
  const { folder, backend, reporter, dry } = given;
  const latent = config.latent!;
  const { compile } = backend;
  const cache = dry ? memoryStorage() : fsStorage(latent.cache ?? join(folder.path, "latents"));
  const started = performance.now();
  const encode = (stream: ImageStream, mirror: boolean): Promise<Dataset> =>
    encodedImages({
      ...{ autoencoder, params, network: latent.network!, sha256: latent.sha256!, images: stream },
      ...{ mirror, cache, compile },
      onProgress: (done, total) =>
        reporter.progress({
          ...{ done, total, unit: "images", note: "encoding images" },
          perSecond: (done * 1000) / (performance.now() - started),
        }),
    });
  const flip = streamSettings(config.data).stream.flip ?? images.flippable ?? true;
  const encoded = await encode(plainStreamOf(images, config), flip);
  const { scale, shift } = await scalingOf(autoencoder, encoded, latent);
  const options = { gaussian: autoencoder.gaussian, sample: latent.sample, seed: config.seed, scale, shift };
  const { seed } = config;
  return {
    config: { ...config, latent: { ...latent, scale, shift } },
    images: encoded,
    stream: latentStream(imageStream(encoded, { seed, flip: false }), options),
    async plain(others) {
      const own = await encode(plainStreamOf(others, config), false);
      const stream = imageStream(own, { seed, flip: false, shuffle: false });
      return latentStream(stream, { ...options, sample: false });
    },
    latents: imageLatents({ autoencoder, params, latent: { scale, shift }, compile }),
  };
}

/** One number of each per channel: those that are given, else as measured. */
async function scalingOf(
  autoencoder: Autoencoder,
  encoded: Dataset,
  { scale, shift, per }: NonNullable<RunConfig["latent"]>,
): Promise<{ readonly scale: number[]; readonly shift: number[] }> {
  const each = (value: number | readonly number[]): number[] =>
    typeof value === "number" ? new Array<number>(autoencoder.latentChannels).fill(value) : [...value];
  if (scale !== undefined) return { scale: each(scale), shift: each(shift ?? 0) };
  const measured = await measureEncoded(autoencoder, batchesOf(encoded), { per });
  return { scale: each(measured.scale), shift: each(shift ?? measured.shift) };
}

async function* batchesOf({ length, shape, image }: Dataset): AsyncGenerator<tf.Tensor4D> {
  const size = shape[0] * shape[1] * shape[2];
  for (let first = 0; first < length; first += MEASURED) {
    const count = Math.min(MEASURED, length - first);
    const data = new Float32Array(count * size);
    for (let i = 0; i < count; i++) data.set((await image(first + i)).values!, i * size);
    yield tf.tensor4d(data, [count, ...shape]);
  }
}
