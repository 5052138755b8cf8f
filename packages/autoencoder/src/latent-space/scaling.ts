import { fail } from "@ddpm/core";
import type { PerChannel } from "@ddpm/core/authoring";
import * as tf from "@tensorflow/tfjs-core";

/** What brings latents to about unit variance, one number of each per channel. */
export interface LatentScaling {
  readonly scale: readonly number[];
  readonly shift: readonly number[];
}

/**
 * One finite number per channel.
 *
 * @param what  its name, for messages
 * @throws DdpmError for another number of them, for others, and for a scale that is not positive
 */
export function perChannel(what: "scale" | "shift", given: PerChannel, channels: number): readonly number[] {
  const where = "autoencoder/latent-space";
  const list = typeof given === "number" ? Array<number>(channels).fill(given) : [...given];
  if (list.length !== channels)
    fail(
      where,
      `${what} lists ${list.length} numbers for ${channels} channels.`,
      "Give one number, or one each.",
    );
  const wrong = list.find((value) => !Number.isFinite(value) || (what === "scale" && value <= 0));
  if (wrong !== undefined)
    fail(where, `a ${what} of ${wrong}.`, `Give ${what === "scale" ? "positive" : "finite"} numbers.`);
  return list;
}

/** (z − shift) · scale. */
export function scaleLatents(z: tf.Tensor4D, { scale, shift }: LatentScaling): tf.Tensor4D {
  return tf.mul(tf.sub(z, overPixels(shift)), overPixels(scale));
}

/** The inverse of {@link scaleLatents}. */
export function unscaleLatents(z: tf.Tensor4D, { scale, shift }: LatentScaling): tf.Tensor4D {
  return tf.add(tf.div(z, overPixels(scale)), overPixels(shift));
}

function overPixels(values: readonly number[]): tf.Tensor4D {
  return tf.tensor4d([...values], [1, 1, 1, values.length]);
}
