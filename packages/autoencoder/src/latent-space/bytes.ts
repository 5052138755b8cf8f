import type { LatentRange } from "@ddpm/core/authoring";
import * as tf from "@tensorflow/tfjs-core";

/** Latents as numbers in [0, 1], clipped. Source: madebyollin/taesd `scale_latents`. */
export function unitLatents<T extends tf.Tensor>(latents: T, { magnitude, shift }: LatentRange): T {
  return tf.clipByValue(tf.add(tf.div(latents, 2 * magnitude), shift), 0, 1) as T;
}

/** The inverse of {@link unitLatents} within its range. */
export function latentsOfUnit<T extends tf.Tensor>(unit: T, { magnitude, shift }: LatentRange): T {
  return tf.mul(tf.sub(unit, shift), 2 * magnitude) as T;
}

/** Latents as bytes, int32 in 0 … 255. Source: madebyollin/taesd, diffusers AutoencoderTiny `forward`. */
export function latentBytes<T extends tf.Tensor>(latents: T, range: LatentRange): T {
  return tf.cast(tf.round(tf.mul(unitLatents(latents, range), 255)), "int32") as T;
}

/** Latents from bytes: the inverse of {@link latentBytes} up to half a byte. */
export function latentsOfBytes<T extends tf.Tensor>(bytes: T, range: LatentRange): T {
  return latentsOfUnit(tf.div(tf.cast(bytes, "float32"), 255) as T, range);
}
