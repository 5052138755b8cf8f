/** A pixel of 0 … 255 as a network sees it, in [−1, 1]: x / 127.5 − 1. Source: Ho et al. 2020, section 3.3. */
export function valueOfPixel(pixel: number): number {
  return pixel / 127.5 - 1;
}

/** The pixel, 0 … 255, nearest to a value of [−1, 1]; values beyond are clamped. */
export function pixelOfValue(value: number): number {
  return Math.min(255, Math.max(0, Math.round((value + 1) * 127.5)));
}
