import { valueOfPixel } from "@ddpm/core/authoring";
/** A picture in memory as a network sees it: [height, width, 3] in [−1, 1]. */
export interface Picture {
  readonly name: string;
  readonly width: number;
  readonly height: number;
  readonly data: Float32Array;
}

/** Bytes with opacity, as a canvas has them, to numbers in [−1, 1]; transparent parts become white. */
export function pictureFromRgba(name: string, { width, height, data }: ImageData): Picture {
  const values = new Float32Array(3 * width * height);
  for (let i = 0; i < width * height; i++) {
    const opacity = data[4 * i + 3]! / 255;
    for (let c = 0; c < 3; c++) {
      const shown = opacity * data[4 * i + c]! + (1 - opacity) * 255;
      values[3 * i + c] = valueOfPixel(shown);
    }
  }
  return { name, width, height, data: values };
}

/**
 * x_t = alpha · x_0 + sigma · ε, held in range for showing.
 *
 * @param eps as many numbers as the picture has
 */
export function noised(x0: Float32Array, eps: Float32Array, alpha: number, sigma: number): Uint8ClampedArray {
  const shown = new Uint8ClampedArray(x0.length);
  // A picture beyond [−1, 1] in all (variance exploding) is scaled down to be seen.
  const scale = 127.5 / Math.max(1, Math.sqrt(alpha ** 2 + sigma ** 2));
  for (let i = 0; i < x0.length; i++) shown[i] = (alpha * x0[i]! + sigma * eps[i]!) * scale + 127.5;
  return shown;
}
