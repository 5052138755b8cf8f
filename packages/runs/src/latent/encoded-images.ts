import {
  type CompileStep,
  type Dataset,
  type DatasetImage,
  fail,
  type ImageStream,
  type Params,
} from "@ddpm/core";
import { type Autoencoder, fingerprint, type ImageShape, pixelOfValue, sizeOf } from "@ddpm/core/authoring";
import { disposable, interpret } from "@ddpm/core/step";
import { readSafetensors, safetensorsChunks } from "@ddpm/weights";
import * as tf from "@tensorflow/tfjs-core";
import type { AnySpec } from "../config/spec.ts";
import { placeOf, type RunStorage } from "../storage/storage.ts";
import { within } from "../storage/within.ts";

const where = "runs/encoded-images";

/** Images in a file of the cache. */
const CHUNK = 256;
/** Images that are encoded at a time. */
const BATCH = 16;

/** What to encode, and by what. */
export interface EncodeOptions {
  readonly autoencoder: Autoencoder;
  readonly params: Params;
  /** How the autoencoder is built: some of its options change no weight's shape. */
  readonly network: AnySpec;
  /** SHA-256 of the weights. */
  readonly sha256: string;
  /** In the set's own order, unaugmented, in [−1, 1]. */
  readonly images: ImageStream;
  /** Encode each image's mirror image, too: latents of a mirror image are not mirrored latents. */
  readonly mirror: boolean;
  /** Where encoded images are kept: by what they are made of, so that several sets and autoencoders may share it. */
  readonly cache: RunStorage;
  readonly compile?: CompileStep | undefined;
  readonly onProgress?: ((done: number, total: number) => void) | undefined;
}

/**
 * A set of what an autoencoder's `encode` returns of images, [h, w, C] each, means and logarithms of variances one after the other where
 * images have a distribution of latents. Each image is encoded once: a cache keeps what was encoded, in files that are written as a whole,
 * so that a process that was killed continues where it was.
 *
 * @throws DdpmError for images that the autoencoder does not take, and for a file of the cache that is of other images or weights
 */
export async function encodedImages(options: EncodeOptions): Promise<Dataset> {
  const { autoencoder, images, mirror, network, sha256, onProgress } = options;
  const { name, factor, gaussian, latentChannels, channels } = autoencoder;
  const [height, width, depth] = images.shape;
  if (depth !== channels) fail(where, `images of ${depth} channels, and ${name} encodes ${channels}.`);
  const unfit = [height, width].find((side) => side % factor !== 0);
  if (unfit !== undefined)
    fail(where, `images of ${height}×${width}, expected multiples of ${factor}, by which ${name} divides.`);
  const shape = [height / factor, width / factor, latentChannels * (gaussian ? 2 : 1)] as const;
  const length = images.length * (mirror ? 2 : 1);
  const key = fingerprint("encoded", images.fingerprint, JSON.stringify(network), sha256, mirror);
  const kept = within(options.cache, key);
  const encode = encoderOf(options);
  const chunks: Chunk[] = [];
  try {
    for (let first = 0; first < length; first += CHUNK) {
      const count = Math.min(CHUNK, length - first);
      chunks.push(await chunkOf(kept, { first, count, shape, key }, encode));
      onProgress?.(first + count, length);
    }
  } finally {
    encode.dispose();
  }
  const size = sizeOf(shape);
  const labels = chunks.every((chunk) => chunk.labels)
    ? chunks.flatMap((chunk) => [...chunk.labels!])
    : undefined;
  const captions = chunks.every((chunk) => chunk.captions)
    ? chunks.flatMap((chunk) => [...chunk.captions!])
    : undefined;
  return {
    name: `latents of ${name}`,
    ...{ length, shape, fingerprint: key, flippable: false },
    ...(images.classes ? { classes: images.classes } : {}),
    ...(labels ? { labels } : {}),
    ...(captions ? { captions, captioned: true } : {}),
    image(index): DatasetImage {
      const { values } = chunks[Math.floor(index / CHUNK)]!;
      const own = values.subarray((index % CHUNK) * size, ((index % CHUNK) + 1) * size);
      return {
        values: own,
        pixels: Uint8Array.from(own, pixelOfValue),
        ...(labels ? { label: labels[index]! } : {}),
        ...(captions ? { caption: captions[index]! } : {}),
      };
    },
  };
}

/** Some images of a set, encoded. */
interface Chunk {
  /** [n, h, w, C] flat */
  readonly values: Float32Array;
  readonly labels?: Int32Array | undefined;
  readonly captions?: readonly string[] | undefined;
}

interface ChunkPlace {
  readonly first: number;
  readonly count: number;
  readonly shape: ImageShape;
  /** What the cache is of. */
  readonly key: string;
}

type Encode = (first: number, count: number) => Promise<Chunk>;

async function chunkOf(cache: RunStorage, place: ChunkPlace, encode: Encode): Promise<Chunk> {
  const file = `${String(place.first).padStart(9, "0")}.safetensors`;
  const bytes = await cache.read(file);
  if (bytes) return readChunk(bytes, place, placeOf(cache, file));
  const chunk = await encode(place.first, place.count);
  const { values, labels, captions } = chunk;
  const latents = { dtype: "F32", shape: [place.count, ...place.shape], data: values } as const;
  const numbers = labels ? { labels: { dtype: "I32", shape: [place.count], data: labels } as const } : {};
  const notes = { key: place.key, ...(captions ? { captions: JSON.stringify(captions) } : {}) };
  await cache.write(file, safetensorsChunks({ latents, ...numbers }, notes));
  return chunk;
}

function readChunk(bytes: Uint8Array, { count, shape, key }: ChunkPlace, path: string): Chunk {
  const { tensors, metadata } = readSafetensors(bytes);
  const { latents, labels } = tensors;
  const expected = [count, ...shape].join();
  if (metadata.key !== key || latents?.dtype !== "F32" || latents.shape.join() !== expected) {
    fail(
      where,
      `${path} is of other images, or of another autoencoder.`,
      "Delete its folder, which is made again.",
    );
  }
  return {
    values: latents.data,
    labels: labels?.dtype === "I32" ? labels.data : undefined,
    captions: metadata.captions === undefined ? undefined : (JSON.parse(metadata.captions) as string[]),
  };
}

/** Reads images `first … first + count − 1` and encodes them; from the number of images on, their mirror images. */
function encoderOf({ autoencoder, params, images, compile }: EncodeOptions): Encode & { dispose(): void } {
  const recorded = disposable(compile ?? interpret);
  const step = recorded.compile(({ x, weights }: { readonly x: tf.Tensor4D; readonly weights: Params }) => ({
    latents: autoencoder.encode(weights, x),
  }));
  const encode: Encode = async (first, count) => {
    const parts: Chunk[] = [];
    for (let done = 0; done < count; ) {
      const start = first + done;
      const mirrored = start >= images.length;
      const from = mirrored ? start - images.length : start;
      const own = Math.min(BATCH, count - done, images.length - from);
      const { data, shape, labels, captions } = await images.read(from, own);
      // Batches of one size are computed by one recorded step: a smaller one is filled up.
      const filled = new Float32Array(BATCH * sizeOf(images.shape));
      filled.set(mirrored ? mirrorRows(data, images.shape) : data);
      const x = tf.tensor4d(filled, [BATCH, ...images.shape]);
      const { latents } = step({ x, weights: params });
      const values = (await latents.data()) as Float32Array;
      tf.dispose([x, latents]);
      parts.push({ values: values.slice(0, (values.length / BATCH) * shape[0]), labels, captions });
      done += own;
    }
    return joined(parts);
  };
  return Object.assign(encode, { dispose: recorded.dispose });
}

/** Every row from right to left. */
function mirrorRows(data: Float32Array, [, width, channels]: ImageShape): Float32Array {
  const mirrored = new Float32Array(data.length);
  for (let row = 0; row < data.length; row += width * channels) {
    for (let x = 0; x < width; x++) {
      const from = row + x * channels;
      mirrored.set(data.subarray(from, from + channels), row + (width - 1 - x) * channels);
    }
  }
  return mirrored;
}

function joined(parts: readonly Chunk[]): Chunk {
  const values = new Float32Array(parts.reduce((sum, part) => sum + part.values.length, 0));
  let at = 0;
  for (const part of parts) {
    values.set(part.values, at);
    at += part.values.length;
  }
  return {
    values,
    labels: parts.every(({ labels }) => labels)
      ? Int32Array.from(parts.flatMap(({ labels }) => [...labels!]))
      : undefined,
    captions: parts.every(({ captions }) => captions)
      ? parts.flatMap(({ captions }) => [...captions!])
      : undefined,
  };
}
