/**
 * Mean power of one picture at every whole radius of its Fourier transform: rings 0 … ⌊min(H, W) / 2⌋, the mean
 * over channels, power |X(u, v)|² / (H W).
 */
export type Spectrum = (pixels: Float32Array) => Float64Array;

/**
 * A {@link Spectrum} for pictures of one size.
 *
 * @param shape [H, W, C] of the pictures
 */
export function spectrumOf([height, width, channels]: readonly [number, number, number]): Spectrum {
  const rings = Math.floor(Math.min(height, width) / 2) + 1;
  const [rowCos, rowSin] = waves(width);
  const [columnCos, columnSin] = waves(height);
  const half = Math.floor(width / 2) + 1;
  const real = new Float64Array(height * half);
  const imaginary = new Float64Array(height * half);
  const { ring, weight } = ringsOf(height, width, half, rings);
  return (pixels) => {
    const power = new Float64Array(rings);
    const members = new Float64Array(rings);
    for (let channel = 0; channel < channels; channel++) {
      for (let y = 0; y < height; y++) {
        for (let u = 0; u < half; u++) {
          let a = 0;
          let b = 0;
          for (let x = 0, phase = 0; x < width; x++) {
            const value = pixels[(y * width + x) * channels + channel]!;
            a += value * rowCos![phase]!;
            b -= value * rowSin![phase]!;
            phase += u;
            if (phase >= width) phase -= width;
          }
          real[y * half + u] = a;
          imaginary[y * half + u] = b;
        }
      }
      for (let v = 0; v < height; v++) {
        for (let u = 0; u < half; u++) {
          const at = ring[v * half + u]!;
          if (at < 0) continue;
          let a = 0;
          let b = 0;
          for (let y = 0, phase = 0; y < height; y++) {
            const [c, s] = [columnCos![phase]!, columnSin![phase]!];
            const [p, q] = [real[y * half + u]!, imaginary[y * half + u]!];
            a += p * c + q * s;
            b += q * c - p * s;
            phase += v;
            if (phase >= height) phase -= height;
          }
          power[at] = power[at]! + (weight[u]! * (a * a + b * b)) / (height * width);
          members[at] = members[at]! + weight[u]!;
        }
      }
    }
    return power.map((sum, at) => sum / members[at]!);
  };
}

/** cos and sin of 2π k / size, k = 0 … size − 1. */
function waves(size: number): Float64Array[] {
  return [Math.cos, Math.sin].map((wave) =>
    Float64Array.from({ length: size }, (_, k) => wave((2 * Math.PI * k) / size)),
  );
}

/** The ring of every frequency (−1: a corner beyond the last), and how often a column counts: most stand for two. */
function ringsOf(
  height: number,
  width: number,
  half: number,
  rings: number,
): { readonly ring: Int32Array; readonly weight: Float64Array } {
  const size = Math.min(height, width);
  const ring = Int32Array.from({ length: height * half }, (_, at) => {
    const v = Math.floor(at / half);
    const [fy, fx] = [Math.min(v, height - v) / height, (at % half) / width];
    const radius = Math.round(Math.hypot(fy, fx) * size);
    return radius < rings ? radius : -1;
  });
  const weight = Float64Array.from({ length: half }, (_, u) => (u === 0 || 2 * u === width ? 1 : 2));
  return { ring, weight };
}
