import type { LatentScaling } from "@ddpm/autoencoder/authoring";
import { type ImageStream, random } from "@ddpm/core";
import { fingerprint, type ImageShape, sizeOf } from "@ddpm/core/authoring";

/** How {@link latentStream} makes latents of what was encoded. */
export interface LatentStreamOptions extends LatentScaling {
  /** Images have a distribution of latents: means, then logarithms of variances. */
  readonly gaussian: boolean;
  /** Draw from that distribution each time an image is read; else its mean. */
  readonly sample: boolean;
  readonly seed: number;
}

/** Logarithms of variances are clipped to this, as `gaussianPosterior` of @ddpm/autoencoder does. */
const [LOWEST, HIGHEST] = [-30, 20];

/**
 * Latents as diffusion models see them, (z − shift) · scale, of a stream of what an autoencoder's `encode` returned. The noise of number k
 * comes from (seed, k) alone.
 *
 * @param encoded [h, w, C] or, of a distribution, [h, w, 2 C] each
 * @returns       [h, w, C] each
 */
export function latentStream(encoded: ImageStream, options: LatentStreamOptions): ImageStream {
  const { gaussian, sample, seed, scale, shift } = options;
  const [height, width, depth] = encoded.shape;
  const channels = gaussian ? depth / 2 : depth;
  const shape: ImageShape = [height, width, channels];
  const posterior = random(seed).fork("posterior");
  const made = [JSON.stringify([scale, shift]), gaussian && sample, seed] as const;
  return {
    ...encoded,
    shape,
    fingerprint: fingerprint("latents", encoded.fingerprint, ...made),
    async read(first, count) {
      const { data, shape: _, ...rest } = await encoded.read(first, count);
      const size = sizeOf(shape);
      const latents = new Float32Array(count * size);
      for (let k = 0; k < count; k++) {
        const noise = gaussian && sample ? posterior.fork(first + k).normals(size) : undefined;
        for (let i = 0; i < size; i++) {
          const channel = i % channels;
          const at = k * height * width * depth + Math.floor(i / channels) * depth + channel;
          const deviation = noise ? Math.exp(clipped(data[at + channels]!) / 2) : 0;
          const z = data[at]! + deviation * (noise?.[i] ?? 0);
          latents[k * size + i] = (z - shift[channel]!) * scale[channel]!;
        }
      }
      return { ...rest, data: latents, shape: [count, ...shape] };
    },
  };
}

function clipped(logVariance: number): number {
  return Math.min(HIGHEST, Math.max(LOWEST, logVariance));
}
