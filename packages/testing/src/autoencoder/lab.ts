import { type Mode, type Params, random } from "@ddpm/core";
import { type Autoencoder, sizeOf } from "@ddpm/core/authoring";
import * as tf from "@tensorflow/tfjs-core";

/** Options of {@link autoencoderSuite}. */
export interface AutoencoderSuiteOptions {
  /** Height and width to try; four and six times the factor when left out. */
  readonly size?: readonly [height: number, width: number];
  /** Trainable parameters that the autoencoder documents as without effect, by name or pattern. */
  readonly dead?: readonly (string | RegExp)[];
}

/** An autoencoder under test, and what its checks share. */
export interface Lab {
  readonly autoencoder: Autoencoder;
  readonly size: readonly [height: number, width: number];
  /** Images in [−1, 1]. */
  images(count: number, seed?: number): tf.Tensor4D;
  /** Latents of about unit variance. */
  latents(count: number, seed?: number): tf.Tensor4D;
  /** Lends weights that were moved away from those that start at zero. */
  lend<Value>(use: (params: Params) => Value | Promise<Value>): Promise<Value>;
  /** What every parameter takes part in: reconstruction, and the pull between latents and codes. */
  loss(params: Params, x: tf.Tensor4D, mode: Mode): tf.Scalar;
}

/** Deviation of the numbers that are added to every weight. */
const MOVED = 0.02;

/** See {@link Lab}. */
export function labOf(autoencoder: Autoencoder, { size }: AutoencoderSuiteOptions): Lab {
  const { factor, channels, latentChannels, specs } = autoencoder;
  const [height, width] = size ?? [4 * factor, 6 * factor];
  const normals = (shape: [number, number, number, number], seed: number): tf.Tensor4D =>
    tf.tensor4d(random(seed).normals(sizeOf(shape)), shape);
  const latents = (count: number, seed = 2): tf.Tensor4D =>
    normals([count, height / factor, width / factor, latentChannels], seed);
  return {
    autoencoder,
    size: [height, width],
    images: (count, seed = 1) => tf.tidy(() => tf.tanh(normals([count, height, width, channels], seed))),
    latents,
    async lend(use) {
      const first = autoencoder.init(random(3));
      const params: Record<string, tf.Tensor> = {};
      for (const { name, shape } of specs) {
        const noise = random(4).fork(name).normals(sizeOf(shape));
        params[name] = tf.tidy(() => tf.add(first[name]!, tf.mul(tf.tensor(noise, [...shape]), MOVED)));
      }
      tf.dispose({ ...first });
      try {
        return await use(params);
      } finally {
        tf.dispose(params);
      }
    },
    loss(params, x, mode) {
      const encoded = autoencoder.encode(params, x, mode);
      const target = normals([x.shape[0], height, width, autoencoder.outputs], 5);
      const [z, pull] = toDecode(autoencoder, params, encoded, latents(x.shape[0], 6));
      return tf.add(tf.mean(tf.squaredDifference(autoencoder.decode(params, z, mode), target)), pull);
    },
  };
}

/** A sample where latents have a distribution, and how far latents are from their codes where there is a codebook. */
function toDecode(
  { gaussian, codebook }: Autoencoder,
  params: Params,
  encoded: tf.Tensor4D,
  noise: tf.Tensor4D,
): [tf.Tensor4D, tf.Scalar] {
  if (codebook) {
    const { codes } = codebook.quantise(params, encoded);
    return [encoded, tf.mean(tf.squaredDifference(codes, encoded))];
  }
  if (!gaussian) return [encoded, tf.scalar(0)];
  const [mean, logVariance] = tf.split(encoded, 2, 3) as [tf.Tensor4D, tf.Tensor4D];
  return [tf.add(mean, tf.mul(tf.exp(tf.mul(0.5, logVariance)), noise)), tf.scalar(0)];
}
