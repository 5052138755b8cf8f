import { latentSpace } from "@ddpm/autoencoder";
import { type CompileStep, fail, type Images, type Params } from "@ddpm/core";
import { type Autoencoder, type ImageShape, sizeOf } from "@ddpm/core/authoring";
import { disposable, interpret } from "@ddpm/core/step";
import * as tf from "@tensorflow/tfjs-core";
import type { RunParts } from "../build/parts.ts";
import type { RunConfig } from "../config/schema.ts";
import type { RunStorage } from "../storage/storage.ts";
import { AUTOENCODER, readAutoencoder } from "./kept-autoencoder.ts";

/** Numbers of an image above which one is computed at a time: 16 images of 64 × 64 × 3 are. */
const MOST = 16 * 64 * 64 * 3;

/** Images as latents and back, in memory. */
export interface ImageLatents {
  /** [H, W, C] of the images of latents of a shape. */
  imageShape(latents: ImageShape): ImageShape;
  /** Means of the latents of images in [−1, 1], as the denoiser sees them, [B, h, w, C]. */
  encode(images: Images): Promise<Images>;
  /** Images of latents, [B, H, W, C], clipped to [−1, 1]. */
  decode(latents: Images): Promise<Images>;
  /** The autoencoder's weights. */
  readonly params: Params;
  /** Frees the weights. */
  dispose(): void;
}

/** What {@link imageLatents} are made from. */
export interface ImageLatentsOptions {
  readonly autoencoder: Autoencoder;
  /** Freed with the result. */
  readonly params: Params;
  readonly latent: Pick<NonNullable<RunConfig["latent"]>, "scale" | "shift">;
  readonly compile?: CompileStep | undefined;
}

/**
 * The latents of a run, where it works in some.
 *
 * @returns yours to dispose
 * @throws DdpmError where the run's copy of the autoencoder is missing or another
 */
export async function openLatents(
  run: RunStorage,
  config: RunConfig,
  { autoencoder }: Pick<RunParts, "autoencoder">,
  compile?: CompileStep,
): Promise<ImageLatents | undefined> {
  const { latent } = config;
  if (!latent) return undefined;
  if (!autoencoder) fail("runs/image-latents", `the run does not say of which network ${AUTOENCODER} is.`);
  const params = await readAutoencoder(run, config);
  return imageLatents({ autoencoder, params, latent, compile });
}

/** Images as latents and back, some at a time, each as a step that a backend may compile. */
export function imageLatents({ autoencoder, params, latent, compile }: ImageLatentsOptions): ImageLatents {
  const { factor, outputs } = autoencoder;
  const scaling = {
    ...(latent.scale === undefined ? {} : { scale: latent.scale }),
    ...(latent.shift === undefined ? {} : { shift: latent.shift }),
  };
  const recorded = disposable(compile ?? interpret);
  type Step = (inputs: { readonly x: tf.Tensor4D; readonly weights: Params }) => { readonly y: tf.Tensor4D };
  const steps: Record<"encode" | "decode", Step> = {
    encode: recorded.compile(({ x, weights }) => ({
      y: latentSpace({ autoencoder, params: weights, ...scaling }).encode(x),
    })),
    decode: recorded.compile(({ x, weights }) => {
      const decoded = latentSpace({ autoencoder, params: weights, ...scaling }).decode(x);
      return { y: tf.clipByValue(decoded, -1, 1) };
    }),
  };
  const all = async (
    step: Step,
    { data, shape }: Images,
    each: ImageShape,
    pixels: number,
  ): Promise<Images> => {
    const [count, ...one] = shape;
    const size = sizeOf(one);
    const batch = Math.max(1, Math.min(count, Math.floor(MOST / pixels)));
    const made = new Float32Array(count * sizeOf(each));
    for (let first = 0; first < count; first += batch) {
      // Batches of one size are computed by one recorded step: the last is filled up.
      const part = new Float32Array(batch * size);
      part.set(data.subarray(first * size, Math.min(first + batch, count) * size));
      const x = tf.tensor4d(part, [batch, ...one]);
      const { y } = step({ x, weights: params });
      const values = (await y.data()) as Float32Array;
      tf.dispose([x, y]);
      const kept = Math.min(batch, count - first) * sizeOf(each);
      made.set(values.subarray(0, kept), first * sizeOf(each));
    }
    return { data: made, shape: [count, ...each] };
  };
  const imageShape = ([height, width]: ImageShape): ImageShape => [height * factor, width * factor, outputs];
  return {
    ...{ imageShape, params },
    encode(images) {
      const [, height, width] = images.shape;
      const each = [height / factor, width / factor, autoencoder.latentChannels] as const;
      return all(steps.encode, images, each, sizeOf(images.shape.slice(1)));
    },
    decode(latents) {
      const [, height, width, channels] = latents.shape;
      const each = imageShape([height, width, channels]);
      return all(steps.decode, latents, each, sizeOf(each));
    },
    dispose() {
      recorded.dispose();
      tf.dispose(params as tf.TensorContainer);
    },
  };
}
