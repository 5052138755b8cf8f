import { fail, type Params } from "@ddpm/core";
import type { Autoencoder } from "@ddpm/core/authoring";
import * as tf from "@tensorflow/tfjs-core";
import { gaussianPosterior } from "../posterior/gaussian.ts";
import type { LatentScaling } from "./scaling.ts";

const where = "autoencoder/measure-latents";

/** What latents of data are like. */
export interface LatentStatistics extends LatentScaling {
  /** Images that were measured. */
  readonly images: number;
  /** Of each channel. */
  readonly mean: readonly number[];
  /** Of each channel; that of the distributions included where images have one. */
  readonly deviation: readonly number[];
}

/**
 * Mean and standard deviation of latents over images, and the scale and shift that follow.
 *
 * @param images batches in [−1, 1]; the caller's to dispose
 * @param per    `all`: one scale for all channels, no shift, as latent diffusion has it (Rombach et al. 2022, appendix G);
 *   `channel`: each channel to mean 0 and variance 1
 * @throws DdpmError for no images, latents that are not finite, and latents that are all the same
 */
export async function measureLatents(
  autoencoder: Autoencoder,
  params: Params,
  images: Iterable<tf.Tensor4D> | AsyncIterable<tf.Tensor4D>,
  { per = "all" }: { readonly per?: "all" | "channel" } = {},
): Promise<LatentStatistics> {
  const encoded = async function* () {
    for await (const batch of images) yield autoencoder.encode(params, batch);
  };
  return measureEncoded(autoencoder, encoded(), { per });
}

/**
 * {@link measureLatents} of images that are encoded already.
 *
 * @param encoded batches of what `encode` returns; disposed
 */
export async function measureEncoded(
  { latentChannels: channels, gaussian }: Pick<Autoencoder, "latentChannels" | "gaussian">,
  encoded: Iterable<tf.Tensor4D> | AsyncIterable<tf.Tensor4D>,
  { per = "all" }: { readonly per?: "all" | "channel" } = {},
): Promise<LatentStatistics> {
  const [sums, squares] = [new Float64Array(channels), new Float64Array(channels)];
  let [count, pixels] = [0, 0];
  for await (const batch of encoded) {
    const moments = tf.tidy(() => momentsOf(gaussian, batch));
    const [first, second] = await Promise.all(moments.map((moment) => moment.data()));
    tf.dispose([...moments, batch]);
    for (let i = 0; i < first!.length; i++) {
      sums[i % channels]! += first![i]!;
      squares[i % channels]! += second![i]!;
    }
    count += batch.shape[0];
    pixels += first!.length / channels;
  }
  if (pixels === 0) fail(where, "no images were given, expected at least one.");
  const mean = [...sums].map((sum) => sum / pixels);
  const variance = [...squares].map((square, channel) => square / pixels - mean[channel]! ** 2);
  const deviation = variance.map((value) => Math.sqrt(Math.max(value, 0)));
  if (![...mean, ...variance].every(Number.isFinite))
    fail(
      where,
      "latents that are not finite.",
      "Train the autoencoder, or give the weights that belong to it.",
    );
  return { images: count, mean, deviation, ...scalingOf(per, mean, variance) };
}

/** Latents and their squares, or their expectations where images have a distribution of latents. */
function momentsOf(gaussian: boolean, encoded: tf.Tensor4D): [tf.Tensor4D, tf.Tensor4D] {
  if (!gaussian) return [tf.clone(encoded), tf.square(encoded)];
  const { mean, logVariance } = gaussianPosterior(encoded);
  return [mean, tf.add(tf.square(mean), tf.exp(logVariance))];
}

function scalingOf(
  per: "all" | "channel",
  mean: readonly number[],
  variance: readonly number[],
): LatentScaling {
  const average = (values: readonly number[]): number =>
    values.reduce((sum, value) => sum + value, 0) / values.length;
  const centre = average(mean);
  const whole = average(variance.map((value, channel) => value + (mean[channel]! - centre) ** 2));
  const variances = per === "channel" ? variance : mean.map(() => whole);
  const flat = variances.findIndex((value, channel) => !(value > 1e-12 * mean[channel]! ** 2));
  if (flat >= 0)
    fail(
      where,
      `the latents of channel ${flat} are all the same.`,
      "There is nothing to scale: train the autoencoder.",
    );
  return {
    scale: variances.map((value) => 1 / Math.sqrt(value)),
    shift: per === "channel" ? mean : mean.map(() => 0),
  };
}
