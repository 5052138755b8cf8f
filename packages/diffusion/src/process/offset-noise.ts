import type { Random } from "@ddpm/core";

/**
 * Noise of one image with a common part per channel, so that a network learns to change overall brightness: ε + strength ·
 * n with one standard normal n per channel.
 *
 * Source: Guttenberg 2023, "Diffusion with Offset Noise".
 *
 * @param eps      standard normal numbers of one image, [H, W, C] flat; overwritten
 * @param channels C
 * @param strength 0.1 in the source
 */
export function addOffset(eps: Float32Array, channels: number, strength: number, random: Random): void {
  const offsets = random.normals(channels);
  for (let i = 0; i < eps.length; i++) eps[i] = eps[i]! + strength * offsets[i % channels]!;
}
