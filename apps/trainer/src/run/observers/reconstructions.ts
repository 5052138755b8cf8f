import { join } from "node:path";
import { measureLatents, reconstruct } from "@ddpm/autoencoder";
import type { CompileStep, Images, Params } from "@ddpm/core";
import { sizeOf } from "@ddpm/core/authoring";
import { disposable, interpret } from "@ddpm/core/step";
import { peakSignalToNoise, structuralSimilarity } from "@ddpm/metrics/authoring";
import { imagesName, type TrainedAutoencoder } from "@ddpm/runs/authoring";
import { writeFileAtomic } from "@ddpm/runs/node/authoring";
import type { TrainState } from "@ddpm/trainer";
import { ansiPreview, grid, type Pixels, png } from "@ddpm/viz/images";
import * as tf from "@tensorflow/tfjs-core";
import { enlargement } from "../../drawing/pictures.ts";
import type { ObservedImages } from "./observed-images.ts";
import type { Observer, Watched } from "./observer.ts";

/** Images that are measured, at most, and how many at a time. */
const MEASURED = 256;
const BATCH = 16;

/** Side of the smallest images whose structural similarity is defined. */
const WINDOW = 11;

/** Columns of a picture of pairs. */
const COLUMNS = 8;

/**
 * Shows what the autoencoder makes of held-out images, of training images where none are held out, each beneath its original, and how
 * near it comes (PSNR, SSIM); at the end what its latents are like.
 */
export function reconstructions(
  watched: Watched,
  { autoencoder }: TrainedAutoencoder,
  { training, heldOut }: ObservedImages,
): Observer {
  const { folder, config, reporter, backend } = watched;
  const { made, dispose } = reconstructor(autoencoder, backend.compile);
  let shown: Promise<Images> | undefined;
  const originals = (): Promise<Images> => {
    shown ??= heldOut
      ? heldOut.stream.read(0, Math.min(MEASURED, heldOut.stream.length))
      : Promise.resolve(head(training, MEASURED));
    return shown;
  };

  const show = async (state: TrainState, count: number, path: string, kind: string): Promise<void> => {
    const { images } = state;
    const given = await originals();
    const again = await made(state.ema ?? state.params, given);
    const psnr = mean(peakSignalToNoise(given, again));
    const [, height, width] = given.shape;
    const ssim = Math.min(height, width) < WINDOW ? {} : { ssim: mean(structuralSimilarity(given, again)) };
    const pixels = pairs(head(given, count), head(again, count));
    const bytes = png(pixels);
    await writeFileAtomic(path, bytes);
    reporter.preview((columns) => ansiPreview(pixels, { columns }));
    const near = `PSNR ${psnr.toFixed(2)} dB${ssim.ssim === undefined ? "" : `, SSIM ${ssim.ssim.toFixed(3)}`}`;
    reporter.event(
      { event: "reconstructions", path, images, psnr, ...ssim },
      `reconstructions at ${images} images: ${near}: ${path}`,
    );
    await watched.publish({ images, kind, path, pixels, png: bytes });
    if (kind === "samples") await watched.log({ images, psnr, ...ssim });
  };

  return {
    async due({ what, state }) {
      if (what !== "samples") return;
      const path = join(folder.samples, `${imagesName(state.images)}.png`);
      await show(state, 2 * COLUMNS, path, "samples");
    },
    async finish(state) {
      await show(state, config.sample.count, folder.finalGrid, "final");
      const { mean: means, deviation } = await measureLatents(
        autoencoder,
        state.ema ?? state.params,
        batchesOf(await originals()),
      );
      const { images } = state;
      await watched.log({ images, latentMean: [...means], latentDeviation: [...deviation] });
    },
    async end() {
      dispose();
    },
  };
}

/** Makes images of images, some at a time, by one recorded step. */
function reconstructor(
  autoencoder: TrainedAutoencoder["autoencoder"],
  compile: CompileStep | undefined,
): { made(weights: Params, images: Images): Promise<Images>; dispose(): void } {
  const recorded = disposable(compile ?? interpret);
  const step = recorded.compile(({ x, weights }: { readonly x: tf.Tensor4D; readonly weights: Params }) => ({
    y: tf.clipByValue(reconstruct(autoencoder, weights, x), -1, 1),
  }));
  const made = async (weights: Params, { data, shape }: Images): Promise<Images> => {
    const [count, ...image] = shape;
    const size = sizeOf(image);
    const all = new Float32Array(data.length);
    for (let first = 0; first < count; first += BATCH) {
      const part = new Float32Array(BATCH * size);
      part.set(data.subarray(first * size, Math.min(first + BATCH, count) * size));
      const x = tf.tensor4d(part, [BATCH, ...image]);
      const { y } = step({ x, weights });
      const values = (await y.data()) as Float32Array;
      tf.dispose([x, y]);
      all.set(values.subarray(0, Math.min(BATCH, count - first) * size), first * size);
    }
    return { data: all, shape };
  };
  return { made, dispose: recorded.dispose };
}

/** Originals, and beneath each row of them what was made of them. */
function pairs(originals: Images, again: Images): Pixels {
  const [count, ...image] = originals.shape;
  const size = sizeOf(image);
  const rows = Math.ceil(count / COLUMNS);
  const data = new Float32Array(2 * rows * COLUMNS * size).fill(1);
  for (let k = 0; k < count; k++) {
    const at = 2 * Math.floor(k / COLUMNS) * COLUMNS + (k % COLUMNS);
    data.set(originals.data.subarray(k * size, (k + 1) * size), at * size);
    data.set(again.data.subarray(k * size, (k + 1) * size), (at + COLUMNS) * size);
  }
  const all: Images = { data, shape: [2 * rows * COLUMNS, ...image] };
  return grid(all, { scale: enlargement(all.shape), columns: COLUMNS });
}

function head({ data, shape: [count, ...image] }: Images, most: number): Images {
  const kept = Math.min(count, most);
  return { data: data.subarray(0, kept * sizeOf(image)), shape: [kept, ...image] };
}

function* batchesOf({ data, shape: [count, ...image] }: Images): Generator<tf.Tensor4D> {
  const size = sizeOf(image);
  for (let first = 0; first < count; first += BATCH) {
    const own = Math.min(BATCH, count - first);
    const x = tf.tensor4d(data.slice(first * size, (first + own) * size), [own, ...image]);
    yield x;
    x.dispose();
  }
}

function mean(values: Float64Array): number {
  return values.reduce((sum, value) => sum + value, 0) / values.length;
}
