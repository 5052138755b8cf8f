import { type Denoiser, option, type Plugin, plugin, type Random } from "@ddpm/core";
import { denoiserFrom, scope } from "@ddpm/unet/authoring";
import * as tf from "@tensorflow/tfjs-core";

/** Options of {@link tiny}. */
export interface TinyOptions {
  /** Channels of the images; 3. */
  readonly channels?: number | undefined;
  /** Channels between the convolutions; 8. */
  readonly width?: number | undefined;
}

const small = (random: Random, count: number): Float32Array =>
  random.normals(count).map((value) => value / 10);

/** Two convolutions, conditioned on the noise by a shift: too small to be good, but complete. */
export const tiny: Plugin<TinyOptions, Denoiser> = plugin({
  name: "tiny",
  about: "Two convolutions.",
  source: "this package",
  options: {
    channels: option.number().int().min(1).default(3).describe("channels of the images"),
    width: option.number().int().min(1).default(8).describe("channels between the convolutions"),
  },
  create({ channels, width }) {
    const root = scope();
    const first = root.param("first", [3, 3, channels, width], small);
    const embedding = root.param("embedding", [width], small);
    const last = root.param("last", [3, 3, width, channels], small);
    return denoiserFrom(root, {
      name: "tiny",
      channels,
      forward(run, x, noise) {
        const shift = tf.mul(tf.reshape(tf.log(tf.add(noise, 2)), [-1, 1, 1, 1]), embedding(run));
        const h = tf.add(tf.conv2d(x, first<tf.Tensor4D>(run), 1, "same"), shift) as tf.Tensor4D;
        return tf.conv2d(tf.tanh(h), last<tf.Tensor4D>(run), 1, "same");
      },
    });
  },
});
