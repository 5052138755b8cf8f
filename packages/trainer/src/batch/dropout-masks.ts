import type { Random } from "@ddpm/core";

/** Steps of a coarse number; two of them fit into the 24 bits of a drawn one. */
const COARSE = 2 ** 12;

/** Steps of the shift: coarse and shift together are exact in float32 and stay below 1. */
const FINE = 2 ** 11;

/**
 * Numbers in [0, 1) to compare with a dropout rate, two for each that is drawn: 12 bits each, all moved by one random
 * fraction of 2⁻¹², so that each alone is uniform and falls below any rate exactly as often as it should.
 *
 * @param out filled
 */
export function maskNumbers(stream: Random, out: Float32Array): void {
  const drawn = stream.uniforms(1 + Math.ceil(out.length / 2));
  const shift = Math.floor(drawn[0]! * FINE) / FINE;
  for (let i = 0; i < out.length; i += 2) {
    const bits = drawn[1 + i / 2]! * COARSE ** 2;
    out[i] = ((bits >>> 12) + shift) / COARSE;
    if (i + 1 < out.length) out[i + 1] = ((bits & (COARSE - 1)) + shift) / COARSE;
  }
}
